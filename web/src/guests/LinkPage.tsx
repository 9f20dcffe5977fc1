import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { useTexts } from '../i18n';
import { Linked, linkedFragment } from './Linked';

const linkQuery = graphql(
  `
    query RegistrationLinkAsked($token: String!) {
      registrationLink(token: $token) {
        ...RegistrationLinked
      }
    }
  `,
  [linkedFragment],
);

// Where the mails lead to who registered without an account. The link is enough.
export function Component() {
  const { t } = useTexts();
  const { token } = useLinkToken({ stays: true });
  return (
    <Page title={t('registrationLink.title')}>{token === null ? <p>{t('accept.noLink')}</p> : <Asked key={token} token={token} />}</Page>
  );
}

function Asked({ token }: { token: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: linkQuery, variables: { token } });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (data === undefined) return <Loading />;
  if (data.registrationLink === null) return <p role="alert">{t('registrationLink.useless')}</p>;
  return <Linked token={token} registration={data.registrationLink} onChange={again} />;
}
