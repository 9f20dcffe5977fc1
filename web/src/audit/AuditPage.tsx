import { useState } from 'react';
import { useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type VariablesOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { Pager, usePages } from '../forms/Pager';
import { thingFragment, titleOf } from '../format/thing';
import { useTexts } from '../i18n';
import { Entries, entryFragment } from './Entries';
import { ExportCSV } from './ExportCSV';
import { Filters } from './Filters';

const trailQuery = graphql(
  `
    query AuditTrail($id: ID!, $after: String, $filter: AuditFilter) {
      node(id: $id) {
        ...Thing
      }
      auditTrail(node: $id, first: 20, after: $after, filter: $filter) {
        nodes {
          ...TrailEntry
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [thingFragment, entryFragment],
);

export type Filter = NonNullable<VariablesOf<typeof trailQuery>['filter']>;

// Who changed a thing and who read personal data in it, for who administers it.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  return (
    <Page title={t('audit.title')}>
      <SignedInOnly>{() => <Trail id={id} />}</SignedInOnly>
    </Page>
  );
}

function Trail({ id }: { id: string }) {
  const { t } = useTexts();
  const [filter, setFilter] = useState<Filter>({});
  const pages = usePages();
  const [{ data, error, fetching }, ask] = useQuery({
    query: trailQuery,
    variables: { id, after: pages.after, filter },
    requestPolicy: 'cache-and-network',
  });
  if (error !== undefined && isHidden(error)) return <p role="alert">{t('audit.hidden')}</p>;
  const title = titleOf(data?.node ?? null);
  const trail = data?.auditTrail;
  return (
    <>
      {title !== null && <p className="lead">{title}</p>}
      <p>{t('audit.intro')}</p>
      <Filters
        onChoose={(chosen) => {
          setFilter(chosen);
          pages.begin();
        }}
      />
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {trail === undefined && fetching && <Loading />}
      {trail !== undefined && (trail.nodes.length === 0 ? <p role="status">{t('audit.none')}</p> : <Entries entries={trail.nodes} />)}
      <Pager pages={pages} info={trail?.pageInfo} />
      {trail !== undefined && trail.nodes.length > 0 && <ExportCSV id={id} filter={filter} name={title} />}
    </>
  );
}

function isHidden({ graphQLErrors }: { graphQLErrors: readonly { extensions: Record<string, unknown> }[] }): boolean {
  return graphQLErrors.some(({ extensions }) => extensions['code'] === 'NOT_FOUND' || extensions['code'] === 'DENIED');
}
