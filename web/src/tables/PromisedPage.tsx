import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { Pager, usePages } from '../forms/Pager';
import { useTexts } from '../i18n';
import { Resolutions, resolutionFragment } from './Resolutions';

const promisedQuery = graphql(
  `
    query Promised($after: String, $filter: TableResolutionFilter) {
      tableResolutions(first: 30, after: $after, filter: $filter) {
        nodes {
          id
          ...ResolutionRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
  `,
  [resolutionFragment],
);

const views = ['open', 'late', 'mine'] as const;
type View = (typeof views)[number];

// What was promised at my tables, and who is late.
export function Component() {
  const { t } = useTexts();
  const [params] = useSearchParams();
  const view = views.find((one) => params.has(one)) ?? 'open';
  return (
    <Page title={t('promised.title')} lead={t('promised.lead')}>
      <SignedInOnly>
        {() => (
          <>
            <nav aria-label={t('events.views')}>
              <ul className="views">
                {views.map((one) => (
                  <li key={one}>
                    <Link to={`?${one}`} aria-current={one === view ? 'true' : undefined}>
                      {t(`promised.view.${one}`)}
                    </Link>
                  </li>
                ))}
              </ul>
            </nav>
            <Listed key={view} view={view} />
          </>
        )}
      </SignedInOnly>
    </Page>
  );
}

function filterOf(view: View) {
  switch (view) {
    case 'open':
      return { myTables: true, states: ['OPEN' as const, 'IN_PROGRESS' as const] };
    case 'late':
      return { myTables: true, overdue: true };
    case 'mine':
      return { mineToDo: true };
  }
}

function Listed({ view }: { view: View }) {
  const { t } = useTexts();
  const pages = usePages();
  const [{ data, error }, ask] = useQuery({
    query: promisedQuery,
    variables: { after: pages.after, filter: filterOf(view) },
    requestPolicy: 'cache-and-network',
  });
  if (error !== undefined && data === undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const { nodes, pageInfo } = data.tableResolutions;
  if (nodes.length === 0) return <Empty>{t('promised.none')}</Empty>;
  return (
    <>
      <Resolutions resolutions={nodes} label={t('promised.title')} follows={false} named />
      <Pager pages={pages} info={pageInfo} named />
    </>
  );
}
