import { lazy, Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { AboutField } from '../app/Terms';
import { SelectField, TextField } from '../forms/Field';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { Calendar } from './Calendar';
import { EventList, itemFragment } from './EventItem';
import { filterOf, kinds, type Filters } from './filters';

const eventsQuery = graphql(
  `
    query Events($after: String, $filter: EventFilter) {
      events(first: 20, after: $after, filter: $filter) {
        nodes {
          id
          ...EventItem
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
  `,
  [itemFragment],
);

const views = ['list', 'map', 'calendar'] as const;
type View = (typeof views)[number];

// The list of events, as it is asked for in the address: what is found can be
// sent to somebody else.
export function Component() {
  const { t } = useTexts();
  const { standing } = useSession();
  const [params, setParams] = useSearchParams();
  const filters: Filters = { text: params.get('q') ?? '', kind: params.get('kind') ?? '', about: params.get('about') ?? '' };
  const view = views.find((one) => one === params.get('view')) ?? 'list';
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
  const to = (view: View) => {
    const next = new URLSearchParams(params);
    if (view === 'list') next.delete('view');
    else next.set('view', view);
    return `?${next}`;
  };
  return (
    <Page title={t('events.heading')} lead={t('events.lead')}>
      <FilterBar filters={filters} change={change} />
      {standing.kind === 'signedIn' && (
        <p className="actions actions-above">
          <Link className="button" to="/events/new">
            {t('create.event')}
          </Link>
        </p>
      )}
      <nav aria-label={t('events.views')}>
        <ul className="views">
          {views.map((one) => (
            <li key={one}>
              <Link to={to(one)} aria-current={one === view ? 'true' : undefined}>
                {t(`events.${one}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {view === 'list' && <List key={JSON.stringify(filters)} filters={filters} />}
      {view === 'map' && (
        <Suspense fallback={<Loading />}>
          <OnMap filters={filters} />
        </Suspense>
      )}
      {view === 'calendar' && <Calendar filters={filters} month={params.get('month')} onMonth={(month) => change('month', month)} />}
    </Page>
  );
}

// The map comes with its outlines, for who looks at it.
const OnMap = lazy(() => import('./EventsMap'));

interface FilterBarProps {
  filters: Filters;
  change: (name: string, value: string) => void;
}

function FilterBar({ filters, change }: FilterBarProps) {
  const { t } = useTexts();
  return (
    <form
      className="filters"
      aria-label={t('filters.label')}
      onSubmit={(event) => {
        event.preventDefault();
        change('q', String(new FormData(event.currentTarget).get('q') ?? '').trim());
      }}
    >
      <TextField key={filters.text} label={t('filters.text')} name="q" type="search" defaultValue={filters.text} />
      <SelectField label={t('events.kind')} name="kind" value={filters.kind} onChange={(event) => change('kind', event.target.value)}>
        <option value="">{t('filters.all')}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`eventKind.${kind}`)}
          </option>
        ))}
      </SelectField>
      <AboutField name="about" value={filters.about} onChange={(id) => change('about', id)} />
      <button type="submit">{t('filters.do')}</button>
    </form>
  );
}

// Each page of the list asks for itself, so that going on asks only for what is new.
function List({ filters }: { filters: Filters }) {
  const [ends, setEnds] = useState<(string | null)[]>([null]);
  return ends.map((after, at) => (
    <Part key={after} filters={filters} after={after} last={at === ends.length - 1} onMore={(cursor) => setEnds([...ends, cursor])} />
  ));
}

interface PartProps {
  filters: Filters;
  after: string | null;
  last: boolean;
  onMore: (cursor: string) => void;
}

function Part({ filters, after, last, onMore }: PartProps) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: eventsQuery, variables: { after, filter: { ...filterOf(filters), upcoming: true } } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const { nodes, pageInfo, totalCount } = data.events;
  const { endCursor } = pageInfo;
  if (nodes.length === 0) return <Empty>{t('events.none')}</Empty>;
  return (
    <>
      {after === null && totalCount !== null && (
        <p role="status" className="soft small">
          {t('events.found', { number: totalCount })}
        </p>
      )}
      <EventList events={nodes} />
      {last && pageInfo.hasNextPage && endCursor !== null && (
        <div className="actions">
          <button type="button" onClick={() => onMore(endCursor)}>
            {t('forms.more')}
          </button>
        </div>
      )}
    </>
  );
}
