import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { AboutField } from '../app/Terms';
import { CheckField, SelectField } from '../forms/Field';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { count, nothing, of, sorts, territoryFragment, type Counts, type Sort } from './counts';
import { ProvinceMap } from './ProvinceMap';
import { useShapes } from './shapes';

// The hub bounds what one question may cost, so each sort of thing is a question
// of its own.
const eventsQuery = graphql(
  `
    query EventsWhere($about: ID) {
      events(first: 100, filter: { upcoming: true, about: $about }) {
        nodes {
          id
          venues {
            ...Where
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [territoryFragment],
);

const projectsQuery = graphql(
  `
    query ProjectsWhere($about: ID) {
      sharedProjects(first: 100, filter: { about: $about }) {
        nodes {
          id
          area {
            ...Where
          }
          places {
            ...Where
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [territoryFragment],
);

const tablesQuery = graphql(
  `
    query TablesWhere($about: ID) {
      workingTables(first: 100, filter: { about: $about }) {
        nodes {
          id
          territories {
            ...Where
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [territoryFragment],
);

type Happening = Pick<ResultOf<typeof eventsQuery>, 'events'> &
  Pick<ResultOf<typeof projectsQuery>, 'sharedProjects'> &
  Pick<ResultOf<typeof tablesQuery>, 'workingTables'>;

function useHappening(about: string | null) {
  const [events, askEvents] = useQuery({ query: eventsQuery, variables: { about } });
  const [projects, askProjects] = useQuery({ query: projectsQuery, variables: { about } });
  const [tables, askTables] = useQuery({ query: tablesQuery, variables: { about } });
  return {
    data: joined(events.data, projects.data, tables.data),
    error: events.error ?? projects.error ?? tables.error,
    again: () => [askEvents, askProjects, askTables].forEach((ask) => ask({ requestPolicy: 'network-only' })),
  };
}

function joined(
  events: ResultOf<typeof eventsQuery> | undefined,
  projects: ResultOf<typeof projectsQuery> | undefined,
  tables: ResultOf<typeof tablesQuery> | undefined,
): Happening | undefined {
  if (events === undefined || projects === undefined || tables === undefined) return undefined;
  return { events: events.events, sharedProjects: projects.sharedProjects, workingTables: tables.workingTables };
}

// The map of what happens where, with the same in a table beside it.
export function Component() {
  const { t } = useTexts();
  const [params, setParams] = useSearchParams();
  const about = params.get('about') ?? '';
  const sort = sorts.find((one) => one === params.get('what')) ?? null;
  const change = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const { data, error, again } = useHappening(about || null);
  return (
    <Page title={t('map.title')} lead={t('map.lead')}>
      <form className="filters" aria-label={t('filters.label')} onSubmit={(event) => event.preventDefault()}>
        <SelectField label={t('map.what')} name="what" value={sort ?? ''} onChange={(event) => change('what', event.target.value)}>
          <option value="">{t('map.everything')}</option>
          {sorts.map((one) => (
            <option key={one} value={one}>
              {t(`map.${one}`)}
            </option>
          ))}
        </SelectField>
        <AboutField name="about" value={about} onChange={(id) => change('about', id)} />
      </form>
      {error !== undefined && <Failed error={error} retry={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && <Shown happening={data} sort={sort} />}
    </Page>
  );
}

function Shown({ happening, sort }: { happening: Happening; sort: Sort | null }) {
  const { t } = useTexts();
  const counts = useMemo(() => countsOf(happening), [happening]);
  const cut = [happening.events, happening.sharedProjects, happening.workingTables].some(({ pageInfo }) => pageInfo.hasNextPage);
  return (
    <>
      {cut && <p className="message">{t('map.cut')}</p>}
      <div className="halves map-halves">
        <ProvinceMap
          label={t('map.title')}
          levelOf={(code) => of(counts.get(code), sort)}
          tellOf={(code) => tell(t, counts.get(code) ?? nothing)}
        />
        <Twin counts={counts} sort={sort} />
      </div>
    </>
  );
}

function tell(t: ReturnType<typeof useTexts>['t'], { events, projects, tables }: Counts): string {
  return t('map.tell', { events, projects, tables });
}

function countsOf({ events, sharedProjects, workingTables }: Happening): Map<string, Counts> {
  return count({
    events: events.nodes.map(({ venues }) => readFragment(territoryFragment, venues)),
    projects: sharedProjects.nodes.map(({ area, places }) => readFragment(territoryFragment, [...area, ...places])),
    tables: workingTables.nodes.map(({ territories }) => readFragment(territoryFragment, territories)),
  });
}

// Twin is the map as a table: where there is most comes first.
function Twin({ counts, sort }: { counts: Map<string, Counts>; sort: Sort | null }) {
  const { t } = useTexts();
  const { municipalities } = useShapes();
  const [all, setAll] = useState(false);
  const rows = municipalities
    .map((place) => ({ place, counts: counts.get(place.code) ?? nothing }))
    .filter((row) => all || of(row.counts, sort) > 0)
    .sort((one, other) => of(other.counts, sort) - of(one.counts, sort));
  return (
    <section aria-labelledby="twin">
      <h2 id="twin">{t('map.twin')}</h2>
      <CheckField label={t('map.all')} name="all" checked={all} onChange={(event) => setAll(event.target.checked)} />
      <Table label={t('map.twin')} columns={[t('map.municipality'), t('map.events'), t('map.projects'), t('map.tables')]}>
        {rows.map(({ place, counts: { events, projects, tables } }) => (
          <tr key={place.code}>
            <th scope="row">
              <Link to={`/municipalities/${place.code}`}>{place.name}</Link>
              <br />
              <span className="small soft">{place.comarca}</span>
            </th>
            <td>{events}</td>
            <td>{projects}</td>
            <td>{tables}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
