import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SelectField, TextField } from '../forms/Field';
import { Pager, usePages } from '../forms/Pager';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { Link } from 'react-router';

const rowFragment = graphql(`
  fragment DirectoryRow on Organization {
    __typename
    id
    name
    ... on Association {
      fields {
        id
        title
      }
      actsIn(first: 3) {
        id
        title
      }
    }
    ... on PublicService {
      partOf {
        ... on Node {
          id
        }
        name
      }
    }
  }
`);

const directoryQuery = graphql(
  `
    query Directory($after: String, $filter: OrganizationFilter) {
      organizations(first: 40, after: $after, filter: $filter) {
        nodes {
          id
          ...DirectoryRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
      fields: taxonomy(kind: FIELD) {
        id
        title
      }
    }
  `,
  [rowFragment],
);

const kinds = ['ASSOCIATION', 'MUNICIPALITY', 'PUBLIC_SERVICE', 'INSTITUTION'] as const;

// The directory of organisations, as it is asked for in the address.
export function Component() {
  const { t } = useTexts();
  const [params, setParams] = useSearchParams();
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
  return (
    <Page title={t('directory.title')} lead={t('directory.lead')}>
      <Listed key={params.toString()} params={params} change={change} />
    </Page>
  );
}

interface ListedProps {
  params: URLSearchParams;
  change: (name: string, value: string) => void;
}

function Listed({ params, change }: ListedProps) {
  const { t, language } = useTexts();
  const pages = usePages();
  const kind = kinds.find((one) => one === params.get('kind'));
  const filter = {
    text: params.get('words') || null,
    kinds: kind === undefined ? null : [kind],
    field: params.get('field') || null,
    actsIn: params.get('in') || null,
  };
  const [{ data, error }, ask] = useQuery({ query: directoryQuery, variables: { after: pages.after, filter } });
  const { nodes = [], totalCount = null, pageInfo } = data?.organizations ?? {};
  return (
    <>
      <form
        className="filters"
        aria-label={t('filters.label')}
        onSubmit={(event) => {
          event.preventDefault();
          change('words', String(new FormData(event.currentTarget).get('words') ?? '').trim());
        }}
      >
        <TextField label={t('filters.text')} name="words" type="search" defaultValue={filter.text ?? ''} />
        <SelectField label={t('events.kind')} name="kind" value={kind ?? ''} onChange={(event) => change('kind', event.target.value)}>
          <option value="">{t('filters.all')}</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`organizationKind.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('directory.field')} name="field" value={filter.field ?? ''} onChange={(event) => change('field', event.target.value)}>
          <option value="">{t('filters.all')}</option>
          {(data?.fields ?? []).map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
        <button type="submit">{t('filters.do')}</button>
      </form>
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && nodes.length === 0 && <Empty>{t('directory.none')}</Empty>}
      {totalCount !== null && totalCount > 0 && (
        <p role="status" className="soft small">
          {t('directory.found', { number: formatNumber(totalCount, language) })}
        </p>
      )}
      <ul className="rows">
        {readFragment(rowFragment, nodes as readonly FragmentOf<typeof rowFragment>[]).map((one) => (
          <li key={one.id}>
            <Link to={`/organisations/${one.id}`}>{one.name}</Link>{' '}
            <span className="small soft">
              {[
                t(`administration.type.${one.__typename}`),
                ...('fields' in one ? one.fields.map(({ title }) => title) : []),
                ...('actsIn' in one ? [one.actsIn.map(({ title }) => title).join(', ')] : []),
                ...('partOf' in one && one.partOf !== null ? [one.partOf.name] : []),
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      <Pager pages={pages} info={pageInfo} named />
    </>
  );
}
