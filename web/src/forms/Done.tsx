import { useEffect, useRef, type ReactNode } from 'react';

// Done says that something worked. It takes the focus when the control that was
// pressed has gone from the page.
export function Done({ children, focus = false }: { children: ReactNode; focus?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) box.current?.focus();
  }, [focus, children]);
  return (
    <div ref={box} role="status" tabIndex={-1} className="message message-good">
      {children}
    </div>
  );
}
