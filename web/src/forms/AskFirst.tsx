import { useState, type ReactNode } from 'react';

import { Confirm } from './Confirm';
import type { Wrong } from './errors';

interface Props<Answer> {
  // What stands on the button.
  label: string;
  // The button's name where the label alone does not tell, and what is asked.
  title?: string;
  // What is asked, where that is not the button's name.
  asked?: string;
  // What pressing the dialog's button does, in its own words.
  action: string;
  className?: string | undefined;
  // How the change stands that is made.
  acting: { busy: boolean; wrong: readonly Wrong[]; clear: () => void };
  // run makes the change; null when it was not made.
  run: () => Promise<Answer | null>;
  onDone: (answer: Answer) => void;
  children: ReactNode;
}

// AskFirst is a button for what cannot be taken back: it asks before it acts.
export function AskFirst<Answer extends object>(props: Props<Answer>) {
  const { label, title = label, asked = title, action, className, acting, run, onDone, children } = props;
  const { busy, wrong, clear } = acting;
  const [asking, setAsking] = useState(false);
  const confirm = async () => {
    const answer = await run();
    if (answer === null) return;
    setAsking(false);
    onDone(answer);
  };
  return (
    <>
      <button type="button" className={className} aria-label={title === label ? undefined : title} onClick={() => setAsking(true)}>
        {label}
      </button>
      {asking && (
        <Confirm
          title={asked}
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
