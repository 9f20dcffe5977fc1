import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useTexts } from '../i18n';

const bodyFragment = graphql(`
  fragment Answerable on Organization {
    ... on Node {
      id
    }
    name
    contact {
      mail
      website
    }
  }
`);

const answerableQuery = graphql(
  `
    query WhoAnswers($id: ID!) {
      node(id: $id) {
        __typename
        ... on Organization {
          ...Answerable
        }
        ... on Event {
          title
          organisers {
            lead
            organization {
              ...Answerable
            }
          }
        }
        ... on WorkingTable {
          title
          convenor {
            ...Answerable
          }
        }
        ... on SharedProject {
          title
          partners {
            lead
            organization {
              ...Answerable
            }
          }
        }
      }
    }
  `,
  [bodyFragment],
);

type Asked = ResultOf<typeof answerableQuery>['node'];

// The identifier of the thing that a page of ours is about; null for other pages.
function thingOf(page: string): string | null {
  return page.match(/^\/(?:events|organisations|tables|projects|network)\/([a-z]+_[0-9a-z]+)/)?.[1] ?? null;
}

// Where one says that something is wrong: to the body that answers for what the
// page shows, by the mail address that it has made public.
export function Component() {
  const { t } = useTexts();
  const [params] = useSearchParams();
  const given = params.get('page') ?? '/';
  const page = given.startsWith('/') && !given.startsWith('//') ? given : '/';
  const id = thingOf(page);
  return (
    <Page title={t('report.title')} lead={t('report.lead')}>
      <p>
        {t('report.about')} <Link to={page}>{page}</Link>
      </p>
      {id === null ? <General /> : <Who id={id} page={page} />}
    </Page>
  );
}

function General() {
  const { t } = useTexts();
  return <p>{t('report.general')}</p>;
}

function Who({ id, page }: { id: string; page: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: answerableQuery, variables: { id } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const bodies = answerable(data.node);
  if (bodies.length === 0) return <General />;
  const words = `subject=${encodeURIComponent(t('report.subject', { page }))}&body=${encodeURIComponent(`${window.location.origin}${page}\n\n`)}`;
  return (
    <>
      <p>{t('report.who')}</p>
      <ul>
        {readFragment(bodyFragment, bodies).map(({ id, name, contact }) => (
          <li key={id}>
            {name}
            {contact?.mail != null && (
              <>
                : <a href={`mailto:${contact.mail}?${words}`}>{contact.mail}</a>
              </>
            )}
            {contact?.mail == null && contact?.website != null && (
              <>
                : <a href={contact.website}>{contact.website}</a>
              </>
            )}
          </li>
        ))}
      </ul>
      <General />
    </>
  );
}

// answerable are the bodies that answer for a thing, of those that lead it.
function answerable(node: Asked) {
  switch (node?.__typename) {
    case 'Event':
      return node.organisers.flatMap(({ lead, organization }) => (lead && organization !== null ? [organization] : []));
    case 'WorkingTable':
      return node.convenor === null ? [] : [node.convenor];
    case 'SharedProject':
      return node.partners.flatMap(({ lead, organization }) => (lead && organization !== null ? [organization] : []));
    case 'Association':
    case 'PublicService':
    case 'Institution':
    case 'Municipality':
      return [node];
    default:
      return [];
  }
}
