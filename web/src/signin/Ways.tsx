import { useState } from 'react';

import { useLinkToken } from '../app/useLinkToken';
import { CodeForm } from './CodeForm';
import { destination } from './destination';
import { LinkForm } from './LinkForm';
import { MailForm } from './MailForm';
import { ProviderButton } from './ProviderButton';

// Ways are the ways in: the link that was followed, else a code by mail, else
// the provider of the reader's own body, which leads to next afterwards.
export function Ways({ next }: { next: string | null }) {
  const { token, drop } = useLinkToken();
  if (token !== null) return <LinkForm token={token} onOtherWay={drop} />;
  return <MailWays next={destination(next)} />;
}

// MailWays are the ways in without a link.
export function MailWays({ next }: { next: string }) {
  const [mail, setMail] = useState<string | null>(null);
  if (mail !== null) return <CodeForm mail={mail} onOtherMail={() => setMail(null)} />;
  return (
    <>
      <MailForm onSent={setMail} />
      <ProviderButton next={next} />
    </>
  );
}
