import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { useTexts } from '../i18n';
import { linkFragment, Link } from './Link';

const linkQuery = graphql(
  `
    query TableLinkAsked($token: String!) {
      tableLink(token: $token) {
        ...TableLink
      }
    }
  `,
  [linkFragment],
);

// Where the mails lead by which a table calls who sits there to a session, or
// asks them for a date. The link is enough: no account is needed.
export function Component() {
  const { t } = useTexts();
  const { token } = useLinkToken();
  return <Page title={t('tableAnswer.title')}>{token === null ? <p>{t('accept.noLink')}</p> : <Asked key={token} token={token} />}</Page>;
}

function Asked({ token }: { token: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: linkQuery, variables: { token } });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (data === undefined) return <Loading />;
  if (data.tableLink === null) return <p role="alert">{t('tableAnswer.useless')}</p>;
  return <Link token={token} link={data.tableLink} onAnswer={again} />;
}
