import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { EventList, itemFragment } from '../events/EventItem';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';

const startQuery = graphql(
  `
    query Start {
      municipalities(first: 1) {
        totalCount
      }
      organizations(first: 1) {
        totalCount
      }
      workingTables(first: 1) {
        totalCount
      }
      sharedProjects(first: 1) {
        totalCount
      }
      events(first: 6, filter: { upcoming: true }) {
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
          ...EventItem
        }
      }
    }
  `,
  [itemFragment],
);

type Start = ResultOf<typeof startQuery>;

export function Component() {
  const { t } = useTexts();
  const [{ data, error, fetching }, ask] = useQuery({ query: startQuery });
  return (
    <Page title={t('title')} lead={t('intro')}>
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

// Network is the loaded page: the counts, and what comes next.
function Network({ start }: { start: Start }) {
  const { t } = useTexts();
  return (
    <>
      {isDemonstration(start) && <p className="notice">{t('demo')}</p>}
      <Figures start={start} />
      <section aria-labelledby="events-heading">
        <h2 id="events-heading">{t('events.heading')}</h2>
        {start.events.nodes.length === 0 ? <Empty>{t('events.none')}</Empty> : <EventList events={start.events.nodes} />}
        <p className="actions">
          <Link className="button" to="/events">
            {t('events.all')}
          </Link>
        </p>
      </section>
    </>
  );
}

function Figures({ start }: { start: Start }) {
  const { t, language } = useTexts();
  const figures = [
    { name: t('municipalities'), value: start.municipalities.totalCount },
    { name: t('organisationsCount'), value: start.organizations.totalCount },
    { name: t('tablesCount'), value: start.workingTables.totalCount },
    { name: t('projectsCount'), value: start.sharedProjects.totalCount },
  ];
  return (
    <dl className="figures">
      {figures.map(({ name, value }) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatNumber(value, language)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
