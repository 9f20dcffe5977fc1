import { useCallback, useEffect, useState } from 'react';

import { ask } from '../api/ask';
import { startQuery } from '../api/documents';
import type { Start } from '../api/types';
import type { Language } from '../i18n/languages';

// What is known of the start page's data: nothing yet, the data, or why not.
export type Loading = { kind: 'loading' } | { kind: 'loaded'; start: Start } | { kind: 'failed'; reason: string };

// useStart asks again whenever the language changes: titles come translated.
export function useStart(language: Language) {
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    ask<Start>(startQuery, language, stop.signal)
      .then((start) => setLoading({ kind: 'loaded', start }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setLoading({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      });
    return () => stop.abort();
  }, [language, tries]);
  const retry = useCallback(() => {
    setLoading({ kind: 'loading' });
    setTries((n) => n + 1);
  }, []);
  return { loading, retry };
}
