import type { Connection } from '../api/live';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

// ConnectionSign shows how far what is on the page can be trusted to be as it is
// now: by a mark, by words, and to who hears the page. It stands there from the
// beginning, so that what it says later is read out.
export function ConnectionSign() {
  const { connection } = useSession();
  return (
    <p role="status" className={`connection connection-${connection.kind}`}>
      {connection.kind !== 'idle' && <span className="mark" aria-hidden="true" />}
      <Words connection={connection} />
    </p>
  );
}

function Words({ connection }: { connection: Connection }) {
  const { t } = useTexts();
  switch (connection.kind) {
    case 'idle':
      return null;
    case 'catchingUp':
      return connection.changes === 0 ? t('live.catchingUp') : t('live.catchingUpWith', { changes: connection.changes });
    case 'ended':
      return t('live.ended', { reason: connection.reason });
    default:
      return t(`live.${connection.kind}`);
  }
}
