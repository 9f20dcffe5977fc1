import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { Pager, usePages } from '../forms/Pager';
import { useTexts } from '../i18n';
import { FollowLines } from './FollowLines';
import { Registered, registrationFragment } from './Registered';

const registrationsQuery = graphql(
  `
    query MyRegistrations($after: String) {
      viewer {
        registrations(first: 20, after: $after) {
          nodes {
            id
            ...MyRegistration
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [registrationFragment],
);

export function Component() {
  const { t } = useTexts();
  return <Page title={t('registrations.title')}>{<SignedInOnly>{() => <Mine />}</SignedInOnly>}</Page>;
}

function Mine() {
  const { t } = useTexts();
  const pages = usePages();
  const [{ data, error }, ask] = useQuery({
    query: registrationsQuery,
    variables: { after: pages.after },
    requestPolicy: 'cache-and-network',
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined && data === undefined) return <Failed error={error} retry={again} />;
  if (data === undefined || data.viewer === null) return <Loading />;
  const { nodes, pageInfo } = data.viewer.registrations;
  if (nodes.length === 0 && pages.first)
    return (
      <Empty>
        <p>{t('registrations.none')}</p>
        <p>
          <Link to="/events">{t('events.heading')}</Link>
        </p>
      </Empty>
    );
  return (
    <>
      <div className="cards">
        {nodes.map((registration) => (
          <Registered key={registration.id} registration={registration} onChange={again} named />
        ))}
      </div>
      <FollowLines registrations={nodes} />
      <Pager pages={pages} info={pageInfo} />
    </>
  );
}
