import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Pager, usePages } from '../forms/Pager';
import { Table } from '../forms/Table';
import { thingFragment, titleOf } from '../format/thing';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { ca } from '../i18n/ca';

const entryFragment = graphql(
  `
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
        ...Thing
      }
    }
  `,
  [thingFragment],
);

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
  const pages = usePages();
  const [{ data, error, fetching }, ask] = useQuery({
    query: accessesQuery,
    variables: { after: pages.after },
    requestPolicy: 'cache-and-network',
  });
  const page = data?.viewer?.accessesToMyData;
  return (
    <section aria-labelledby="accesses">
      <h2 id="accesses">{t('me.accesses')}</h2>
      <p>{t('me.accessesIntro')}</p>
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {page === undefined && fetching && <Loading />}
      {page !== undefined && page.nodes.length === 0 && <p>{t('me.noAccesses')}</p>}
      {page !== undefined && page.nodes.length > 0 && <Entries entries={page.nodes} />}
      <Pager pages={pages} info={page?.pageInfo} />
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
          <td>{titleOf(thing)}</td>
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
