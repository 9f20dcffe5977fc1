import { useState } from 'react';

import { graphql } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
import { CheckField } from '../forms/Field';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { receiptFragment, type ErasureReceipt } from './Receipt';

const eraseMutation = graphql(
  `
    mutation PersonErase($input: PersonEraseInput!) {
      personErase(input: $input) {
        receipt {
          ...Receipt
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [receiptFragment],
);

interface Props {
  onErased: (receipt: ErasureReceipt) => void;
}

// Erase asks twice, for it cannot be undone: by a dialog and by a box to tick.
export function Erase({ onErased }: Props) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <section aria-labelledby="erase">
      <h2 id="erase">{t('me.erase')}</h2>
      <p>{t('me.eraseIntro')}</p>
      <button type="button" className="button-danger" onClick={() => setAsking(true)}>
        {t('me.erase')}
      </button>
      {asking && <Sure onErased={onErased} onCancel={() => setAsking(false)} />}
    </section>
  );
}

function Sure({ onErased, onCancel }: Props & { onCancel: () => void }) {
  const { t } = useTexts();
  const [sure, setSure] = useState(false);
  const { run, busy, wrong } = useAction(eraseMutation);
  const confirm = async () => {
    const receipt = (await run({ confirm: sure }))?.personErase.receipt ?? null;
    if (receipt !== null) onErased(receipt);
  };
  return (
    <Confirm title={t('me.eraseSure')} action={t('me.eraseNow')} busy={busy} wrong={wrong} onConfirm={() => void confirm()} onCancel={onCancel}>
      <p>{t('me.eraseWhat')}</p>
      <CheckField label={t('me.eraseTick')} name="confirm" checked={sure} onChange={(event) => setSure(event.target.checked)} />
    </Confirm>
  );
}
