import type { ReactNode } from 'react';

import { useTexts } from '../i18n';
import { Dialog } from './Dialog';
import { WrongList } from './Form';
import type { Wrong } from './errors';

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

// Confirm asks before something that cannot be taken back. Where a button alone
// leads to it, AskFirst is both; this is for what a form or a choice comes before.
export function Confirm({ title, children, action, busy, wrong, onConfirm, onCancel }: Props) {
  const { t } = useTexts();
  return (
    <Dialog title={title} onLeave={onCancel}>
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
    </Dialog>
  );
}
