import { useTexts } from '../i18n';
import type { Status } from './follow';

// ConnectionSign shows how far what is on the page can be trusted to be as it is
// now: by a mark, by words, and to who hears the page.
export function ConnectionSign({ status }: { status: Status }) {
  return (
    <p role="status" className={`connection connection-${status.kind}`}>
      <span className="mark" aria-hidden="true" />
      <Words status={status} />
    </p>
  );
}

function Words({ status }: { status: Status }) {
  const { t } = useTexts();
  switch (status.kind) {
    case 'catchingUp':
      return status.changes === 0 ? t('live.catchingUp') : t('live.catchingUpWith', { changes: status.changes });
    case 'ended':
      return t('live.ended', { reason: status.reason });
    default:
      return t(`live.${status.kind}`);
  }
}
