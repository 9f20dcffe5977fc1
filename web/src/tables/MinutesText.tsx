import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { TextArea } from '../forms/Field';
import { Form, Submit, WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
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
      {minutes !== null && organises && !minutes.approved && <Write key={minutes.version} session={session} minutes={minutes} />}
      {minutes !== null && (!organises || minutes.approved) && <p className="prose">{minutes.text}</p>}
      {minutes !== null && (
        <p className="small soft">
          {t('events.version', { version: minutes.version })}
          {minutes.approved && ` · ${t('tables.minutesApproved')}`}
        </p>
      )}
    </section>
  );
}

function Write({ session, minutes }: { session: SessionShown; minutes: NonNullable<SessionShown['minutes']> }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(writeMutation);
  const draft = useDraft(`minutes.${session.id}.${minutes.version}`);
  return (
    <Form
      wrong={wrong}
      draft={draft}
      label={t('tables.minutes')}
      onSubmit={(values) =>
        void run({ session: session.id, expectedRevision: minutes.revision, minutes: values.text('minutes') }).then((answer) => answer !== null && draft?.drop())
      }
    >
      <TextArea label={t('tables.minutesText')} name="minutes" rows={18} defaultValue={minutes.text} wrong={about('minutes', wrong)} />
      <Submit busy={busy}>{t('register.save')}</Submit>
    </Form>
  );
}
