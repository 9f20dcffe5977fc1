import { useId, type ReactNode } from 'react';

import { useTexts } from '../i18n';
import { WrongList } from './Form';
import type { Wrong } from './errors';
import { useModal } from './useModal';

interface Props {
  title: string;
  children: ReactNode;
  // What pressing the button does, in the button's own words.
  action: string;
  busy: boolean;
  wrong: readonly Wrong[];
  onConfirm: () => void;
  onCancel: () => void;
}

// Confirm asks before something that cannot be taken back. It is the browser's
// own dialog: the page behind is inert, Escape leaves, and the focus returns to
// where it came from.
export function Confirm({ title, children, action, busy, wrong, onConfirm, onCancel }: Props) {
  const { t } = useTexts();
  const heading = useId();
  const dialog = useModal();
  const cancel = (event: { preventDefault: () => void }) => {
    event.preventDefault(); // closed by us, when it is taken from the page
    onCancel();
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onCancel={cancel}>
      <h2 id={heading}>{title}</h2>
      <WrongList wrong={wrong} />
      {children}
      <div className="actions">
        <button type="button" className="button-danger" aria-disabled={busy} onClick={onConfirm}>
          {busy ? t('forms.busy') : action}
        </button>
        <button type="button" onClick={onCancel}>
          {t('forms.cancel')}
        </button>
      </div>
    </dialog>
  );
}
