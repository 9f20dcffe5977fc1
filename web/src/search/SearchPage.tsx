import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { useTexts } from '../i18n';

const searchQuery = graphql(
  `
    query Search($text: String!) {
      municipalities(first: 10, filter: { text: $text }) {
        nodes {
          ...Thing
        }
      }
      organizations(first: 20, filter: { text: $text, kinds: [ASSOCIATION, PUBLIC_SERVICE, INSTITUTION] }) {
        nodes {
          ...Thing
        }
      }
      events(first: 20, filter: { text: $text }) {
        nodes {
          ...Thing
        }
      }
      workingTables(first: 20, filter: { text: $text }) {
        nodes {
          ...Thing
        }
      }
      sharedProjects(first: 20, filter: { text: $text }) {
        nodes {
          ...Thing
        }
      }
    }
  `,
  [thingFragment],
);

// What is found among everything the reader may see, kind by kind.
export function Component() {
  const { t } = useTexts();
  const [params] = useSearchParams();
  const text = (params.get('q') ?? '').trim();
  return (
    <Page title={text === '' ? t('search.title') : t('search.of', { text })}>
      {text === '' ? <p className="lead">{t('search.ask')}</p> : <Found key={text} text={text} />}
    </Page>
  );
}

function Found({ text }: { text: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: searchQuery, variables: { text } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const groups = [
    { title: t('search.places'), things: data.municipalities.nodes },
    { title: t('search.organisations'), things: data.organizations.nodes },
    { title: t('menu.events'), things: data.events.nodes },
    { title: t('tablesCount'), things: data.workingTables.nodes },
    { title: t('projectsCount'), things: data.sharedProjects.nodes },
  ].filter(({ things }) => things.length > 0);
  if (groups.length === 0)
    return (
      <Empty>
        <p role="status">{t('search.none', { text })}</p>
      </Empty>
    );
  return groups.map(({ title, things }) => <Group key={title} title={title} things={things} />);
}

function Group({ title, things }: { title: ReactNode; things: readonly FragmentOf<typeof thingFragment>[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul className="found">
        {things.map((thing) => (
          <li key={readFragment(thingFragment, thing).id}>
            <ThingLink thing={thing} />
          </li>
        ))}
      </ul>
    </section>
  );
}
