import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Pager, usePages } from '../forms/Pager';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { TableCards, tableCardFragment } from './TableCards';

const tablesQuery = graphql(
  `
    query Tables($after: String, $mine: Boolean) {
      workingTables(first: 24, after: $after, filter: { mine: $mine }) {
        nodes {
          id
          ...TableCard
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [tableCardFragment],
);

export function Component() {
  const { t } = useTexts();
  const { standing } = useSession();
  const [params] = useSearchParams();
  const mine = standing.kind === 'signedIn' && params.has('mine');
  return (
    <Page title={t('tablesCount')} lead={t('tables.lead')}>
      {standing.kind === 'signedIn' && (
        <>
          <nav aria-label={t('events.views')}>
            <ul className="views">
              <li>
                <Link to="?" aria-current={mine ? undefined : 'true'}>
                  {t('tables.all')}
                </Link>
              </li>
              <li>
                <Link to="?mine" aria-current={mine ? 'true' : undefined}>
                  {t('tables.mine')}
                </Link>
              </li>
            </ul>
          </nav>
          <p className="actions actions-above">
            <Link className="button" to="/promised">
              {t('promised.title')}
            </Link>
            <Link className="button" to="/tables/new">
              {t('create.table')}
            </Link>
          </p>
        </>
      )}
      <Listed key={String(mine)} mine={mine} />
    </Page>
  );
}

function Listed({ mine }: { mine: boolean }) {
  const { t } = useTexts();
  const pages = usePages();
  const [{ data, error }, ask] = useQuery({ query: tablesQuery, variables: { after: pages.after, mine: mine || null } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const { nodes, pageInfo } = data.workingTables;
  if (nodes.length === 0) return <Empty>{t('tables.none')}</Empty>;
  return (
    <>
      <TableCards tables={nodes} />
      <Pager pages={pages} info={pageInfo} named />
    </>
  );
}
