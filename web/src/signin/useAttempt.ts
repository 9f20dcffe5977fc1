import { useState } from 'react';

import { Refusal } from '../api/auth';
import type { Wrong } from '../forms/errors';
import { useTexts } from '../i18n';

// useAttempt runs one request of signing in and says why it failed.
export function useAttempt() {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);

  // attempt tells whether it worked.
  const attempt = async (request: () => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    try {
      await request();
      setWrong([]);
      return true;
    } catch (error) {
      const { message, code, path } = error instanceof Refusal ? error : { message: '', code: 'NOT_REACHED', path: [] };
      setWrong([{ message: message || t('failed'), code, path }]);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { attempt, busy, wrong, setWrong };
}
