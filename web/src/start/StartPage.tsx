import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { EventsTable, rowFragment } from './EventsTable';
import { LivePanel } from './LivePanel';

const startQuery = graphql(
  `
    query Start {
      municipalities(first: 1) {
        totalCount
      }
      events(first: 20, filter: { upcoming: true }) {
        nodes {
          id
          organisers {
            organization {
              id
              ... on Association {
                invented
              }
            }
          }
          ...EventRow
        }
      }
    }
  `,
  [rowFragment],
);

type Start = ResultOf<typeof startQuery>;

export function Component() {
  const { t } = useTexts();
  const [{ data, error, fetching }, ask] = useQuery({ query: startQuery });
  return (
    <Page title={t('title')}>
      <p className="lead">{t('intro')}</p>
      {fetching && data === undefined && <Loading />}
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {data !== undefined && <Network start={data} />}
    </Page>
  );
}

// The demonstration's associations say that they are invented.
function isDemonstration({ events }: Start): boolean {
  return events.nodes.some(({ organisers }) =>
    organisers.some(({ organization }) => organization !== null && 'invented' in organization && organization.invented),
  );
}

// Network is the loaded page: the count, the events and the one followed.
function Network({ start }: { start: Start }) {
  const { t, language } = useTexts();
  const [followed, setFollowed] = useState<string | null>(null);
  const events = readFragment(rowFragment, start.events.nodes);
  const event = events.find(({ id }) => id === followed);
  const { totalCount } = start.municipalities;
  const stop = () => {
    setFollowed(null);
    document.getElementById('content')?.focus(); // the button pressed is gone
  };
  return (
    <>
      {isDemonstration(start) && <p className="notice">{t('demo')}</p>}
      {totalCount !== null && (
        <dl className="figures">
          <dt>{t('municipalities')}</dt>
          <dd>{formatNumber(totalCount, language)}</dd>
        </dl>
      )}
      {event !== undefined && <LivePanel event={event} onStop={stop} />}
      <section aria-labelledby="events-heading">
        <h2 id="events-heading">{t('events.heading')}</h2>
        <EventsTable events={events} followed={followed} onFollow={({ id }) => setFollowed(id)} />
      </section>
    </>
  );
}
