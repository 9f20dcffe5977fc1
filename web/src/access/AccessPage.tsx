import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { useTexts } from '../i18n';
import { Identities, identityFragment } from './Identities';
import { Sessions, sessionFragment } from './Sessions';
import { Tokens, tokenFragment } from './Tokens';

const accessQuery = graphql(
  `
    query MyAccess {
      viewer {
        sessions {
          ...SessionRow
        }
        apiTokens {
          ...TokenRow
        }
        identities {
          ...IdentityRow
        }
      }
    }
  `,
  [sessionFragment, tokenFragment, identityFragment],
);

export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('access.title')}>
      <SignedInOnly>{() => <Mine />}</SignedInOnly>
    </Page>
  );
}

function Mine() {
  const [{ data, error }, ask] = useQuery({ query: accessQuery, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (data === undefined || data.viewer === null) return <Loading />;
  const { sessions, apiTokens, identities } = data.viewer;
  return (
    <>
      <Sessions sessions={sessions} onChange={again} />
      <Identities identities={identities} onChange={again} />
      <Tokens tokens={apiTokens} onChange={again} />
    </>
  );
}
