import { useState } from 'react';

import { graphql } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
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
  const [sure, setSure] = useState(false);
  const acting = useAction(eraseMutation);
  const clear = () => {
    acting.clear();
    setSure(false);
  };
  return (
    <section aria-labelledby="erase">
      <h2 id="erase">{t('me.erase')}</h2>
      <p>{t('me.eraseIntro')}</p>
      <AskFirst
        label={t('me.erase')}
        asked={t('me.eraseSure')}
        action={t('me.eraseNow')}
        className="button-danger"
        acting={{ ...acting, clear }}
        run={async () => (await acting.run({ confirm: sure }))?.personErase.receipt ?? null}
        onDone={onErased}
      >
        <p>{t('me.eraseWhat')}</p>
        <CheckField label={t('me.eraseTick')} name="confirm" checked={sure} onChange={(event) => setSure(event.target.checked)} />
      </AskFirst>
    </section>
  );
}
