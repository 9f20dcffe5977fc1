import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { TextField } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { Account, accountFragment } from './Account';
import { Room } from './Room';

const accountQuery = graphql(
  `
    query AccountByMail($mail: String!) {
      account(by: { mail: $mail }) {
        ...AdministeredAccount
      }
    }
  `,
  [accountFragment],
);

export function Component() {
  const { t } = useTexts();
  return (
    <Room title={t('administration.accounts')}>
      <Accounts />
    </Room>
  );
}

// Accounts are found by their exact address and not listed: who runs the platform
// need not know who is there.
function Accounts() {
  const { t } = useTexts();
  const draft = useDraft('account');
  const [mail, setMail] = useState<string | null>(null);
  return (
    <>
      <p className="lead">{t('administration.accountsIntro')}</p>
      <Form
        draft={draft}
        label={t('administration.find')}
        onSubmit={({ text }) => {
          draft?.drop();
          setMail(text('mail') || null);
        }}
      >
        <TextField label={t('signIn.mail')} name="mail" type="email" autoComplete="off" required />
        <Submit busy={false}>{t('administration.find')}</Submit>
      </Form>
      {mail !== null && <Found key={mail} mail={mail} />}
    </>
  );
}

function Found({ mail }: { mail: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: accountQuery, variables: { mail }, requestPolicy: 'network-only' });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (data === undefined) return <Loading />;
  if (data.account === null) return <p role="status">{t('administration.nobody', { mail })}</p>;
  return <Account mail={mail} account={data.account} onChange={again} />;
}
