import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { useTexts } from '../i18n';
import { Answer, invitationFragment } from './Answer';

const linkQuery = graphql(
  `
    query DelegateLink($token: String!) {
      delegateInvitation(token: $token) {
        ...DelegateInvitation
      }
    }
  `,
  [invitationFragment],
);

// Where the mail leads that tells somebody that they were registered by
// somebody else. The link is enough: no account is needed.
export function Component() {
  const { t } = useTexts();
  const { token } = useLinkToken();
  return <Page title={t('accept.title')}>{token === null ? <p>{t('accept.noLink')}</p> : <Registered token={token} />}</Page>;
}

function Registered({ token }: { token: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: linkQuery, variables: { token } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  if (data.delegateInvitation === null) return <p role="alert">{t('accept.useless')}</p>;
  return <Answer token={token} invitation={data.delegateInvitation} onAnswer={() => ask({ requestPolicy: 'network-only' })} />;
}
