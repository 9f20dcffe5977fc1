import { useCallback, useEffect, useRef } from 'react';

// useCalm calls back once, some time after the last of many calls.
export function useCalm(callback: () => void, after: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(), after);
  }, [after]);
}
