import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { WrongList } from '../forms/Form';
import { Table } from '../forms/Table';
import { useAction } from '../forms/useAction';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { browserOf } from './browser';

export const sessionFragment = graphql(`
  fragment SessionRow on Session {
    id
    createdAt
    seenAt
    expiresAt
    userAgent
    current
  }
`);

const endMutation = graphql(`
  mutation SessionEnd($input: SessionEndInput!) {
    sessionEnd(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const endOthersMutation = graphql(`
  mutation SessionEndOthers($input: SessionEndOthersInput!) {
    sessionEndOthers(input: $input) {
      ended
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  sessions: readonly FragmentOf<typeof sessionFragment>[];
  onChange: () => void;
}

// Sessions are the browsers one is signed in with, each of which can be ended.
export function Sessions({ sessions: given, onChange }: Props) {
  const { t } = useTexts();
  const sessions = readFragment(sessionFragment, given);
  const endOne = useAction(endMutation);
  const endOthers = useAction(endOthersMutation);
  const [done, setDone] = useState<'ended' | 'othersEnded' | null>(null);
  const finish = (answer: unknown, what: 'ended' | 'othersEnded') => {
    if (answer === null) return;
    setDone(what);
    onChange();
  };
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t('access.sessions')}</h2>
      <p>{t('access.sessionsIntro')}</p>
      {done !== null && <Done focus>{t(`access.${done}`)}</Done>}
      <WrongList wrong={[...endOne.wrong, ...endOthers.wrong]} />
      <Table
        label={t('access.sessions')}
        columns={[t('access.browser'), t('access.begun'), t('access.seen'), t('access.until'), t('access.action')]}
      >
        {sessions.map((session) => (
          <Row
            key={session.id}
            session={session}
            onEnd={async () => finish(await endOne.run({ session: session.id }), 'ended')}
          />
        ))}
      </Table>
      {sessions.length > 1 && (
        <div className="actions">
          <button type="button" onClick={async () => finish(await endOthers.run({}), 'othersEnded')}>
            {t('access.endOthers')}
          </button>
        </div>
      )}
    </section>
  );
}

function Row({ session, onEnd }: { session: ResultOf<typeof sessionFragment>; onEnd: () => void }) {
  const { t, language } = useTexts();
  const browser = browserOf(session.userAgent) ?? t('access.unknownBrowser');
  return (
    <tr>
      <th scope="row">{browser}</th>
      <td>{formatShort(session.createdAt, language)}</td>
      <td>{formatShort(session.seenAt, language)}</td>
      <td>{formatShort(session.expiresAt, language)}</td>
      <td>
        {session.current ? (
          <span className="badge">{t('access.thisOne')}</span>
        ) : (
          <button type="button" aria-label={t('access.endSessionOf', { browser })} onClick={onEnd}>
            {t('access.endSession')}
          </button>
        )}
      </td>
    </tr>
  );
}
