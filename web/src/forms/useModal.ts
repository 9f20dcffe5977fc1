import { useLayoutEffect, useRef, type RefObject } from 'react';

// useModal opens the browser's own dialog for as long as it is on the page: what
// is behind is inert, and the focus returns to where it came from. It is closed
// while it still stands there: one that is taken away open gives nothing back.
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return dialog;
}
