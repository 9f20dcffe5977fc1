import { useState } from 'react';

import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { AboutMe } from './AboutMe';
import { Accesses } from './Accesses';
import { Download } from './Download';
import { Erase } from './Erase';
import { Receipt, type ErasureReceipt } from './Receipt';

// What the hub knows of the reader. The receipt of an erasure stands outside of
// what is for who is signed in: by then nobody is.
export function Component() {
  const { t } = useTexts();
  const { left } = useSession();
  const [receipt, setReceipt] = useState<ErasureReceipt | null>(null);
  return (
    <Page title={t('me.title')}>
      {receipt !== null ? (
        <Receipt receipt={receipt} />
      ) : (
        <SignedInOnly>
          {() => (
            <>
              <AboutMe />
              <Download />
              <Accesses />
              <Erase
                onErased={(given) => {
                  left();
                  setReceipt(given);
                }}
              />
            </>
          )}
        </SignedInOnly>
      )}
    </Page>
  );
}
