import type { CombinedError } from 'urql';

import { reasonOf } from '../api/client';
import { formatTime } from '../format/when';
import { useTexts } from '../i18n';
import type { Change, Live } from './changes';

// LiveLog tells what has changed since the page is open, the newest first.
export function LiveLog({ live, error }: { live: Live; error: CombinedError | undefined }) {
  const { t } = useTexts();
  if (error !== undefined) return <p className="small soft">{t('live.ended', { reason: reasonOf(error) })}</p>;
  return (
    <section aria-labelledby="live-log">
      <h2 id="live-log">{t('live.log')}</h2>
      <div className="log small" role="log" aria-labelledby="live-log" tabIndex={0}>
        <ol reversed>
          {live.log.map((change) => (
            <li key={change.number}>
              <Line change={change} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

function Line({ change }: { change: Change }) {
  const { t, language } = useTexts();
  if (change.kind === null) return <>{t('live.state', { number: change.number })}</>;
  return (
    <>
      {t('live.change', { number: change.number, what: t(`eventChange.${change.kind}`) })}
      {change.at !== null && <time dateTime={change.at}> · {formatTime(change.at, language)}</time>}
    </>
  );
}
