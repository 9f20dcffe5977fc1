import { useState, type ReactNode } from 'react';

import { Confirm } from './Confirm';
import type { Wrong } from './errors';

interface Props {
  // What stands on the button.
  label: string;
  // What is asked, and the button's name where the label alone does not tell.
  title?: string;
  // What pressing the dialog's button does, in its own words.
  action: string;
  className?: string | undefined;
  // How the change stands that is made.
  acting: { busy: boolean; wrong: readonly Wrong[]; clear: () => void };
  // run makes the change; null when it was not made.
  run: () => Promise<object | null>;
  onDone: () => void;
  children: ReactNode;
}

// AskFirst is a button for what cannot be taken back: it asks before it acts.
export function AskFirst({ label, title = label, action, className, acting: { busy, wrong, clear }, run, onDone, children }: Props) {
  const [asking, setAsking] = useState(false);
  const confirm = async () => {
    if ((await run()) === null) return;
    setAsking(false);
    onDone();
  };
  return (
    <>
      <button type="button" className={className} aria-label={title === label ? undefined : title} onClick={() => setAsking(true)}>
        {label}
      </button>
      {asking && (
        <Confirm
          title={title}
          action={action}
          busy={busy}
          wrong={wrong}
          onConfirm={() => void confirm()}
          onCancel={() => {
            clear();
            setAsking(false);
          }}
        >
          {children}
        </Confirm>
      )}
    </>
  );
}
