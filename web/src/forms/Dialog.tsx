import { useId, type ReactNode } from 'react';

import { useModal } from './useModal';

interface Props {
  title: string;
  children: ReactNode;
  onLeave: () => void;
}

// Dialog is the browser's own: the page behind is inert, Escape leaves, and the
// focus returns to where it came from.
export function Dialog({ title, children, onLeave }: Props) {
  const heading = useId();
  const dialog = useModal();
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault(); // closed by us, when it is taken from the page
        onLeave();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
