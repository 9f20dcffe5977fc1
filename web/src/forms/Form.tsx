import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';

import { useTexts } from '../i18n';
import type { Wrong } from './errors';
import type { Draft } from './useDraft';

interface Props {
  // Gets the fields by their names, texts without blanks around them.
  onSubmit: (values: Values) => void;
  wrong?: readonly Wrong[];
  children: ReactNode;
  label?: string;
  // Where what is written is kept until it is sent; see useDraft.
  draft?: Draft | undefined;
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
export function Form({ onSubmit, wrong = [], children, label, draft }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { restored, forget } = useRestored(form, draft);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(valuesOf(new FormData(event.currentTarget)));
  };
  return (
    <form ref={form} onSubmit={submit} onInput={(event) => draft?.save(event.currentTarget)} noValidate aria-label={label}>
      <WrongList wrong={wrong} />
      {restored && <Restored onDiscard={forget} />}
      {children}
    </form>
  );
}

// useRestored puts back what was written before the session ended, once the
// fields are there.
function useRestored(form: { current: HTMLFormElement | null }, draft: Draft | undefined) {
  const [restored, setRestored] = useState(false);
  useLayoutEffect(() => {
    const { current } = form;
    const found = current !== null && draft !== undefined && draft.restore(current);
    setRestored(found);
    if (found) current.closest('details')?.setAttribute('open', '');
  }, [form, draft]);
  const forget = () => {
    draft?.drop();
    form.current?.reset();
    setRestored(false);
    form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(); // the button pressed is gone
  };
  return { restored, forget };
}

function Restored({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useTexts();
  return (
    <div role="status" className="message message-draft">
      <p>{t('forms.restored')}</p>
      <button type="button" onClick={onDiscard}>
        {t('forms.discard')}
      </button>
    </div>
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
