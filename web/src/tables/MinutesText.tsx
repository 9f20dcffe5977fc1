import { useEffect, useRef, useState } from 'react';

import { graphql } from '../api/graphql';
import { Done } from '../forms/Done';
import { about, type Wrong } from '../forms/errors';
import { TextArea } from '../forms/Field';
import { Form, Submit, WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import type { Language } from '../i18n/languages';
import type { SessionShown } from './session';

const draftMutation = graphql(`
  mutation MinutesDraft($input: MinutesDraftInput!) {
    minutesDraft(input: $input) {
      minutes {
        version
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

const writeMutation = graphql(`
  mutation MinutesWrite($input: MinutesWriteInput!) {
    minutesWrite(input: $input) {
      minutes {
        version
        text
        revision
      }
      errors {
        message
        code
        path
        ... on MinutesConflict {
          currentRevision
          currentText
        }
      }
    }
  }
`);

const circulateMutation = graphql(`
  mutation MinutesCirculate($input: MinutesCirculateInput!) {
    minutesCirculate(input: $input) {
      minutes {
        version
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

const codes: Record<Language, 'CA' | 'ES' | 'EN'> = { ca: 'CA', es: 'ES', en: 'EN' };

interface Props {
  session: SessionShown;
  organises: boolean;
}

type Minutes = NonNullable<SessionShown['minutes']>;

// MinutesText is the minutes beside what they tell of.
export function MinutesText({ session, organises }: Props) {
  const { t, language } = useTexts();
  const begin = useAction(draftMutation);
  const { minutes, state } = session;
  if (minutes === null && !(organises && state === 'HELD')) return null;
  return (
    <section aria-labelledby="minutes">
      <h2 id="minutes">{t('tables.minutes')}</h2>
      {minutes === null && (
        <>
          <WrongList wrong={begin.wrong} />
          <button type="button" className="button-main" aria-disabled={begin.busy} onClick={() => void begin.run({ session: session.id, language: codes[language] })}>
            {t('tables.minutesBegin')}
          </button>
        </>
      )}
      {minutes !== null && organises && !minutes.approved && <Write key={session.id} session={session} minutes={minutes} />}
      {minutes !== null && (!organises || minutes.approved) && <p className="prose">{minutes.text}</p>}
      {minutes !== null && <Standing minutes={minutes} />}
      {minutes !== null && organises && !minutes.approved && minutes.circulatedAt === null && <Circulate session={session.id} />}
    </section>
  );
}

function Standing({ minutes: { version, approved, circulatedAt } }: { minutes: Minutes }) {
  const { t, language } = useTexts();
  const told = approved ? t('tables.minutesApproved') : circulatedAt === null ? null : t('tables.minutesCirculated', { at: formatShort(circulatedAt, language) });
  return (
    <>
      <p className="small soft">{[t('events.version', { version }), told].filter((part) => part !== null).join(' · ')}</p>
      {circulatedAt !== null && !approved && <p className="small soft">{t('tables.objectionsHint')}</p>}
    </>
  );
}

// Circulate lets the members read the draft, which then waits for the session that
// approves it.
function Circulate({ session }: { session: string }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(circulateMutation);
  return (
    <>
      <WrongList wrong={wrong} />
      <p className="actions actions-above">
        <button type="button" aria-disabled={busy} onClick={() => void run({ session })}>
          {t('tables.circulate')}
        </button>
      </p>
    </>
  );
}

interface Base {
  text: string;
  revision: string;
}

// Write is where the minutes are corrected. Two may write at once: what the other
// has saved is shown beside one's own text as soon as it is known, nothing written
// is lost, and the writer says which goes on. The hub keeps every version.
function Write({ session, minutes }: { session: SessionShown; minutes: Minutes }) {
  const { t } = useTexts();
  const { run, busy, wrong, clear } = useAction(writeMutation);
  const draft = useDraft(`minutes.${session.id}`);
  const box = useRef<HTMLTextAreaElement>(null);
  const [base, setBase] = useState<Base>(minutes);
  const [saved, setSaved] = useState(0);
  const theirs = newer(base, minutes, wrong);
  const written = () => box.current?.value ?? base.text;
  const takeTheirs = (other: Base) => {
    if (box.current !== null) box.current.value = other.text;
    draft?.drop();
    setBase(other);
    clear();
  };
  // Who has written nothing sees what the other saved, as on any other page.
  useEffect(() => {
    if (minutes.revision !== base.revision && written().trim() === base.text.trim()) takeTheirs(minutes);
  }, [minutes.revision]);
  const send = async (text: string) => {
    const answer = await run({ session: session.id, expectedRevision: base.revision, minutes: text });
    if (answer?.minutesWrite.minutes == null) return;
    draft?.drop();
    setBase(answer.minutesWrite.minutes);
    setSaved((times) => times + 1);
  };
  return (
    <>
      {saved > 0 && theirs === null && <Done key={saved}>{t('tables.minutesSaved')}</Done>}
      {theirs !== null && (
        <Theirs
          text={theirs.text}
          onKeep={() => {
            setBase(theirs);
            clear();
            box.current?.focus();
          }}
          onTake={() => {
            takeTheirs(theirs);
            box.current?.focus();
          }}
        />
      )}
      <Form wrong={wrong.filter((one) => conflictOf(one) === null)} draft={draft} label={t('tables.minutes')} onSubmit={(values) => void send(values.text('minutes'))}>
        <TextArea ref={box} label={t('tables.minutesText')} name="minutes" rows={18} defaultValue={base.text} wrong={about('minutes', wrong.filter((one) => conflictOf(one) === null))} />
        {theirs === null && <Submit busy={busy}>{t('register.save')}</Submit>}
      </Form>
    </>
  );
}

// conflictOf is the present text when the hub refused because of it.
function conflictOf(one: Wrong): Base | null {
  const { currentText: text, currentRevision: revision } = one as Wrong & { currentText?: string; currentRevision?: string };
  return text === undefined || revision === undefined ? null : { text, revision };
}

// newer is what somebody else has saved since: told by a message, or by a refusal.
function newer(base: Base, minutes: Minutes, wrong: readonly Wrong[]): Base | null {
  const refused = wrong.map(conflictOf).find((one) => one !== null) ?? null;
  if (minutes.revision !== base.revision && minutes.text.trim() !== base.text.trim()) return minutes;
  return refused;
}

function Theirs({ text, onKeep, onTake }: { text: string; onKeep: () => void; onTake: () => void }) {
  const { t } = useTexts();
  return (
    <section role="alert" className="message message-draft" aria-label={t('tables.theirs')}>
      <p>
        <strong>{t('tables.theirs')}</strong> {t('tables.theirsHint')}
      </p>
      <pre className="theirs" tabIndex={0} aria-label={t('tables.theirText')}>
        {text}
      </pre>
      <p className="actions">
        <button type="button" onClick={onKeep}>
          {t('tables.keepMine')}
        </button>
        <button type="button" onClick={onTake}>
          {t('tables.takeTheirs')}
        </button>
      </p>
    </section>
  );
}
