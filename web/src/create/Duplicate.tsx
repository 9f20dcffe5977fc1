import { useLocation } from 'react-router';
import type { TypedDocumentNode } from 'urql';

import { Done } from '../forms/Done';
import type { Wrong } from '../forms/errors';
import { WrongList } from '../forms/Form';
import { useTexts } from '../i18n';
import { useMade } from './useMade';

interface Props<Data> {
  document: TypedDocumentNode<Data, { input: { id: string; idempotencyKey?: string | null } }>;
  id: string;
  title: string;
  // addressOf is where the copy is; undefined when none was made.
  addressOf: (data: Data) => string | undefined;
}

// copied is what the page of a copy is told; see Copied.
export const copied = { copied: true };

// Duplicate is the button that makes a thing like the one shown and leads to it.
// The copy looks much like it, so the copy's page says what it is: see Copied.
export function Duplicate<Data extends Record<string, { errors: readonly Wrong[] }>>({ document, id, title, addressOf }: Props<Data>) {
  const { t } = useTexts();
  const { make, busy, wrong } = useMade(document, addressOf, { state: copied });
  return (
    <>
      <WrongList wrong={wrong} />
      <button type="button" aria-disabled={busy} onClick={() => void make({ id })}>
        {t('create.duplicate')} <span className="unseen">{title}</span>
      </button>
    </>
  );
}

// Copied says that the page is of a copy that has just been made.
export function Copied() {
  const { t } = useTexts();
  const { state } = useLocation() as { state: { copied?: boolean } | null };
  return state?.copied === true && <Done focus>{t('create.copied')}</Done>;
}
