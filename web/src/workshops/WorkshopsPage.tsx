import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Pager, usePages } from '../forms/Pager';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

const workshopsQuery = graphql(`
  query Workshops($after: String) {
    workshops(first: 20, after: $after) {
      nodes {
        id
        title
        state
        organization {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

// The workshops that the reader may see.
export function Component() {
  const { t } = useTexts();
  const { standing } = useSession();
  const pages = usePages();
  const [{ data, error }, ask] = useQuery({ query: workshopsQuery, variables: { after: pages.after }, requestPolicy: 'cache-and-network' });
  return (
    <Page title={t('workshops.title')} lead={t('workshops.lead')}>
      <p className="actions actions-above">
        <Link className="button" to="/workshop">
          {t('workshops.joinTitle')}
        </Link>
        {standing.kind === 'signedIn' && (
          <Link className="button" to="/workshops/new">
            {t('create.workshop')}
          </Link>
        )}
      </p>
      {error !== undefined && data === undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {error === undefined && data === undefined && <Loading />}
      {data?.workshops.nodes.length === 0 && (
        <Empty>
          <p>{t('workshops.none')}</p>
        </Empty>
      )}
      <ul className="plain-list">
        {data?.workshops.nodes.map(({ id, title, state, organization }) => (
          <li key={id} className="registration">
            <h2 className="workshop-title">
              <Link to={`/workshops/${id}`}>{title}</Link>
            </h2>
            <p className="small soft">
              <span className={state === 'OPEN' ? 'badge badge-good' : 'badge badge-plain'}>{t(`workshopState.${state}`)}</span> {organization?.name}
            </p>
          </li>
        ))}
      </ul>
      <Pager pages={pages} info={data?.workshops.pageInfo} named />
    </Page>
  );
}
