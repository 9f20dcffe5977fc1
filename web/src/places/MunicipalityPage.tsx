import { Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Facts } from '../design/Facts';
import { EventList, itemFragment } from '../events/EventItem';
import { Feed } from '../feeds/Feed';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { Locator } from '../map/ProvinceMap';
import { ProjectCards, projectCardFragment } from '../projects/ProjectCards';
import { TableCards, tableCardFragment } from '../tables/TableCards';
import { ThingActions } from '../watch/ThingActions';

const municipalityQuery = graphql(
  `
    query Municipality($code: String!) {
      municipality(by: { ineCode: $code }) {
        id
        title
        name
        ineCode
        idescatCode
        population {
          inhabitants
          year
          source
        }
        comarca {
          id
          title
        }
        contact {
          website
        }
        districts(first: 20) {
          nodes {
            id
            title
          }
        }
        organizations(first: 30) {
          totalCount
          nodes {
            ...Thing
          }
        }
        events(first: 5) {
          nodes {
            id
            ...EventItem
          }
        }
        projects(first: 12) {
          nodes {
            id
            ...ProjectCard
          }
        }
        workingTables(first: 12) {
          nodes {
            id
            ...TableCard
          }
        }
      }
    }
  `,
  [thingFragment, itemFragment, projectCardFragment, tableCardFragment],
);

type Municipality = NonNullable<ResultOf<typeof municipalityQuery>['municipality']>;

// A municipality is the place; its council has a page of its own.
export function Component() {
  const { t } = useTexts();
  const { code = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: municipalityQuery, variables: { code }, requestPolicy: 'cache-and-network' });
  const place = data?.municipality;
  return (
    <Page
      title={place?.title ?? t('map.municipality')}
      kicker={
        <>
          <Link to="/map">{t('menu.map')}</Link>
          {place?.comarca != null && <> · {place.comarca.title}</>}
        </>
      }
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {error === undefined && data === undefined && <Loading />}
      {place === null && <p>{t('notFound.text')}</p>}
      {place != null && <Shown place={place} />}
    </Page>
  );
}

function Shown({ place }: { place: Municipality }) {
  const { t, language } = useTexts();
  const { id, name, ineCode, population, contact, districts } = place;
  return (
    <div className="beside">
      <aside aria-label={t('places.about')}>
        <section className="standing">
          <Suspense fallback={null}>
            <Locator code={ineCode} />
          </Suspense>
          <Facts
            facts={[
              {
                name: t('places.population'),
                value: population !== null && `${formatNumber(population.inhabitants, language)} (${population.year}, ${population.source})`,
              },
              { name: t('places.council'), value: <Link to={`/organisations/${id}`}>{name}</Link> },
              { name: t('places.codes'), value: `${ineCode} · ${place.idescatCode}` },
              { name: t('directory.website'), value: contact?.website != null && <a href={contact.website}>{contact.website}</a> },
              { name: t('places.districts'), value: districts.nodes.map(({ title }) => title).join(', ') },
            ]}
          />
          <ThingActions id={id} title={place.title} />
        </section>
      </aside>
      <div>
        <Happening place={place} />
        <Organisations place={place} />
        <Feed id={id} />
      </div>
    </div>
  );
}

function Happening({ place }: { place: Municipality }) {
  const { t } = useTexts();
  const { events, projects, workingTables } = place;
  return (
    <>
      <h2>{t('events.heading')}</h2>
      {events.nodes.length === 0 ? <Empty>{t('places.noEvents')}</Empty> : <EventList events={events.nodes} />}
      {projects.nodes.length > 0 && (
        <>
          <h2>{t('projectsCount')}</h2>
          <ProjectCards projects={projects.nodes} />
        </>
      )}
      {workingTables.nodes.length > 0 && (
        <>
          <h2>{t('tablesCount')}</h2>
          <TableCards tables={workingTables.nodes} />
        </>
      )}
    </>
  );
}

function Organisations({ place }: { place: Municipality }) {
  const { t, language } = useTexts();
  const { nodes, totalCount } = place.organizations;
  if (nodes.length === 0) return null;
  return (
    <>
      <h2>
        {t('organisationsCount')} {totalCount !== null && <span className="soft">({formatNumber(totalCount, language)})</span>}
      </h2>
      <ul className="found">
        {nodes.map((thing) => (
          <li key={readFragment(thingFragment, thing).id}>
            <ThingLink thing={thing} />
          </li>
        ))}
      </ul>
      {totalCount !== null && totalCount > nodes.length && (
        <p className="actions">
          <Link className="button" to={`/directory?in=${place.id}`}>
            {t('directory.all')}
          </Link>
        </p>
      )}
    </>
  );
}
