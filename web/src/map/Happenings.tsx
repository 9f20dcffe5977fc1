import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type VariablesOf } from '../api/graphql';
import { CheckField } from '../forms/Field';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { nothing, of, sorts, type Counts, type Sort } from './counts';
import { ProvinceMap } from './ProvinceMap';
import { useShapes } from './shapes';

const happeningsQuery = graphql(`
  query Happenings($filter: HappeningsFilter) {
    happenings(filter: $filter) {
      ineCode
      events
      tables
      projects
    }
  }
`);

type Filter = NonNullable<VariablesOf<typeof happeningsQuery>['filter']>;

// useHappenings asks how much there is in each town.
export function useHappenings(filter: Filter) {
  const [{ data, error }, ask] = useQuery({ query: happeningsQuery, variables: { filter } });
  const counts = useMemo(
    () => data && new Map<string, Counts>(data.happenings.map(({ ineCode, events, tables, projects }) => [ineCode, { events, tables, projects }])),
    [data],
  );
  return { counts, error, again: () => ask({ requestPolicy: 'network-only' }) };
}

interface Props {
  counts: Map<string, Counts>;
  // What the map is of; null: everything.
  sort: Sort | null;
  label: string;
}

// Happenings is the map with the same in a table beside it.
export function Happenings({ counts, sort, label }: Props) {
  const { t } = useTexts();
  const tell = (code: string) => {
    const { events, projects, tables } = counts.get(code) ?? nothing;
    return sort === null ? t('map.tell', { events, projects, tables }) : t(`map.tellOne.${sort}`, { number: of(counts.get(code), sort) });
  };
  return (
    <div className="halves map-halves">
      <ProvinceMap label={label} levelOf={(code) => of(counts.get(code), sort)} tellOf={tell} />
      <Twin counts={counts} sort={sort} />
    </div>
  );
}

// Twin is the map as a table: where there is most comes first.
function Twin({ counts, sort }: Pick<Props, 'counts' | 'sort'>) {
  const { t } = useTexts();
  const { municipalities } = useShapes();
  const [all, setAll] = useState(false);
  const shown = sort === null ? sorts : [sort];
  const rows = municipalities
    .map((place) => ({ place, counts: counts.get(place.code) ?? nothing }))
    .filter((row) => all || of(row.counts, sort) > 0)
    .sort((one, other) => of(other.counts, sort) - of(one.counts, sort));
  return (
    <section aria-labelledby="twin">
      <h2 id="twin">{t('map.twin')}</h2>
      <CheckField label={t('map.all')} name="all" checked={all} onChange={(event) => setAll(event.target.checked)} />
      <Table label={t('map.twin')} columns={[t('map.municipality'), ...shown.map((one) => t(`map.${one}`))]}>
        {rows.map(({ place, counts }) => (
          <tr key={place.code}>
            <th scope="row">
              <Link to={`/municipalities/${place.code}`}>{place.name}</Link>
              <br />
              <span className="small soft">{place.comarca}</span>
            </th>
            {shown.map((one) => (
              <td key={one}>{counts[one]}</td>
            ))}
          </tr>
        ))}
      </Table>
    </section>
  );
}
