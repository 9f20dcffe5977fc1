import { useLocation, useNavigate } from 'react-router';
import type { TypedDocumentNode } from 'urql';

import { Done } from '../forms/Done';
import type { Wrong } from '../forms/errors';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

interface Props<Data> {
  document: TypedDocumentNode<Data, { input: { id: string; idempotencyKey?: string | null } }>;
  id: string;
  title: string;
  // addressOf is where the copy is; undefined when none was made.
  addressOf: (data: Data) => string | undefined;
}

// Duplicate is the button that makes a thing like the one shown and leads to it.
// The copy looks much like it, so the copy's page says what it is: see Copied.
export function Duplicate<Data extends Record<string, { errors: readonly Wrong[] }>>({ document, id, title, addressOf }: Props<Data>) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(document);
  const duplicate = async () => {
    const data = await run({ id });
    const address = data === null ? undefined : addressOf(data);
    if (address !== undefined) await navigate(address, { state: { copied: true } });
  };
  return (
    <>
      <WrongList wrong={wrong} />
      <button type="button" aria-disabled={busy} onClick={() => void duplicate()}>
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
