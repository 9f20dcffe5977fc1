import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';

import { useTexts } from '../i18n';
import type { Wrong } from './errors';

interface Props {
  // Gets the fields by their names, texts without blanks around them.
  onSubmit: (values: Values) => void;
  wrong?: readonly Wrong[];
  children: ReactNode;
  label?: string;
}

export interface Values {
  text: (name: string) => string;
  // A text that may be left out: null when blank.
  optional: (name: string) => string | null;
  all: (name: string) => string[];
  checked: (name: string) => boolean;
}

// Form says what is wrong above its fields and moves the focus there. The
// browser's own bubbles are switched off: they vanish, and speak its language
// instead of the reader's.
export function Form({ onSubmit, wrong = [], children, label }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(valuesOf(new FormData(event.currentTarget)));
  };
  return (
    <form onSubmit={submit} noValidate aria-label={label}>
      <WrongList wrong={wrong} />
      {children}
    </form>
  );
}

function valuesOf(data: FormData): Values {
  const text = (name: string) => String(data.get(name) ?? '').trim();
  return {
    text,
    optional: (name) => text(name) || null,
    all: (name) => data.getAll(name).map(String),
    checked: (name) => data.has(name),
  };
}

// WrongList is what the hub refused, told to who cannot see it too.
export function WrongList({ wrong }: { wrong: readonly Wrong[] }) {
  const { t } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wrong.length > 0) box.current?.focus();
  }, [wrong]);
  if (wrong.length === 0) return null;
  return (
    <div ref={box} role="alert" tabIndex={-1} className="message message-wrong">
      <p>{t('forms.wrong')}</p>
      <ul>
        {wrong.map(({ message, code, path }) => (
          <li key={`${code} ${path.join('.')}`}>{message}</li>
        ))}
      </ul>
    </div>
  );
}

interface SubmitProps {
  busy: boolean;
  children: ReactNode;
  danger?: boolean;
}

// Submit stays reachable while it works, so that the focus is not lost.
export function Submit({ busy, children, danger = false }: SubmitProps) {
  const { t } = useTexts();
  return (
    <button type="submit" className={danger ? 'button-danger' : 'button-main'} aria-disabled={busy}>
      {busy ? t('forms.busy') : children}
    </button>
  );
}
