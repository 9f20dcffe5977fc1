import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Table } from '../forms/Table';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { ca } from '../i18n/ca';

const entryFragment = graphql(`
  fragment AccessEntry on AuditEntry {
    at
    what
    actor {
      id
      name
    }
    onBehalfOf {
      id
      name
    }
    thing {
      id
      ... on Event {
        title
      }
      ... on Association {
        title
      }
      ... on Municipality {
        title
      }
      ... on PublicService {
        title
      }
      ... on Institution {
        title
      }
    }
  }
`);

const accessesQuery = graphql(
  `
    query AccessesToMyData($after: String) {
      viewer {
        accessesToMyData(first: 20, after: $after) {
          nodes {
            ...AccessEntry
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [entryFragment],
);

// Accesses tells who read the reader's personal data, the newest first, a page
// at a time.
export function Accesses() {
  const { t } = useTexts();
  // The cursors by which the pages before were left, the first page's is null.
  const [way, setWay] = useState<(string | null)[]>([null]);
  const after = way.at(-1) ?? null;
  const [{ data, error, fetching }, ask] = useQuery({
    query: accessesQuery,
    variables: { after },
    requestPolicy: 'cache-and-network',
  });
  const page = data?.viewer?.accessesToMyData;
  const onward = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  return (
    <section aria-labelledby="accesses">
      <h2 id="accesses">{t('me.accesses')}</h2>
      <p>{t('me.accessesIntro')}</p>
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {page === undefined && fetching && <Loading />}
      {page !== undefined && page.nodes.length === 0 && <p>{t('me.noAccesses')}</p>}
      {page !== undefined && page.nodes.length > 0 && <Entries entries={page.nodes} />}
      <div className="actions">
        {way.length > 1 && (
          <button type="button" onClick={() => setWay(way.slice(0, -1))}>
            {t('me.newer')}
          </button>
        )}
        {onward !== null && (
          <button type="button" onClick={() => setWay([...way, onward])}>
            {t('me.older')}
          </button>
        )}
      </div>
    </section>
  );
}

function Entries({ entries: given }: { entries: readonly FragmentOf<typeof entryFragment>[] }) {
  const { t, language } = useTexts();
  const entries = readFragment(entryFragment, given);
  return (
    <Table label={t('me.accesses')} columns={[t('me.when'), t('me.who'), t('me.what'), t('me.where')]}>
      {entries.map(({ at, what, actor, onBehalfOf, thing }, place) => (
        <tr key={`${at} ${place}`}>
          <th scope="row">{formatShort(at, language)}</th>
          <td>{[actor?.name ?? t('me.somebody'), onBehalfOf?.name].filter(Boolean).join(', ')}</td>
          <td>{isKnown(what) ? t(`read.${what}`) : what}</td>
          <td>{thing !== null && 'title' in thing ? thing.title : ''}</td>
        </tr>
      ))}
    </Table>
  );
}

// What is read has a stable name; one that is newer than this client is shown
// as it is.
function isKnown(what: string): what is keyof typeof ca.read {
  return Object.hasOwn(ca.read, what);
}
