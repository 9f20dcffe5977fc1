import type { CombinedError } from 'urql';

import { reasonOf } from '../api/client';
import { useTexts } from '../i18n';

// Failed stands where something could not be loaded, and offers to try again.
export function Failed({ error, retry }: { error: CombinedError; retry: () => void }) {
  const { t } = useTexts();
  return (
    <div role="alert" className="message message-wrong">
      <p>
        {t('failed')} {reasonOf(error)}
      </p>
      <button type="button" onClick={retry}>
        {t('retry')}
      </button>
    </div>
  );
}
