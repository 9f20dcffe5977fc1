import { useEffect, useId, useState } from 'react';

import { useModal } from '../forms/useModal';
import { useTexts } from '../i18n';
import { useSession } from './Session';
import { clock, spoken, type Deadline } from './time';

// StayDialog warns that the session is about to end, and lets the reader stay.
// It is the browser's own dialog, opened by nobody's press: it takes the focus,
// is read out at once, and gives the focus back.
export function StayDialog() {
  const { warning } = useSession();
  return warning === null ? null : <Warned deadline={warning} />;
}

function Warned({ deadline: { endAt, ends, minutes } }: { deadline: Deadline }) {
  const { t } = useTexts();
  const { stay, dismiss, leave } = useSession();
  const ids = { title: useId(), text: useId() };
  const dialog = useModal();
  const left = useLeft(endAt);
  useTitle(t('stay.title'));
  const goOn = ends === 'AGE' ? dismiss : stay;
  const told = spoken(left);
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={ids.title}
      aria-describedby={ids.text}
      onCancel={(event) => {
        event.preventDefault(); // closed by us, when it is taken from the page
        goOn();
      }}
    >
      <h2 id={ids.title}>{t('stay.title')}</h2>
      <div id={ids.text}>
        <p>{ends === 'AGE' ? t('stay.age') : t('stay.idle', { minutes })}</p>
        <p>{t('stay.kept')}</p>
      </div>
      <p>
        {t('stay.left')} <strong className="clock">{clock(left)}</strong>
      </p>
      <p role="status" className="unseen">
        {told !== null && t('stay.seconds', { seconds: told })}
      </p>
      <div className="actions">
        <button type="button" className="button-main" onClick={goOn}>
          {t(ends === 'AGE' ? 'stay.understood' : 'stay.stay')}
        </button>
        <button type="button" onClick={() => void leave().catch(() => {})}>
          {t('stay.leave')}
        </button>
      </div>
    </dialog>
  );
}

// useLeft counts down.
function useLeft(endAt: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return endAt - now;
}

// useTitle shows the warning where a reader who looks at another window sees it.
function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `⏳ ${title}`;
    return () => void (document.title = before);
  }, [title]);
}
