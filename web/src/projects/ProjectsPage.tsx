import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { AboutField } from '../app/Terms';
import { Pager, usePages } from '../forms/Pager';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { ProjectCards, projectCardFragment } from './ProjectCards';

const projectsQuery = graphql(
  `
    query Projects($after: String, $about: ID) {
      sharedProjects(first: 24, after: $after, filter: { about: $about }) {
        nodes {
          id
          ...ProjectCard
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [projectCardFragment],
);

export function Component() {
  const { t } = useTexts();
  const { standing } = useSession();
  const [params, setParams] = useSearchParams();
  const about = params.get('about') ?? '';
  return (
    <Page title={t('projectsCount')} lead={t('projects.intro')}>
      <form className="filters" aria-label={t('filters.label')} onSubmit={(event) => event.preventDefault()}>
        <AboutField name="about" value={about} onChange={(id) => setParams(id === '' ? {} : { about: id }, { replace: true, preventScrollReset: true })} />
        {standing.kind === 'signedIn' && (
          <Link className="button" to="/projects/new">
            {t('create.project')}
          </Link>
        )}
        <Link className="button" to="/workshops">
          {t('workshops.title')}
        </Link>
      </form>
      <Listed key={about} about={about} />
    </Page>
  );
}

function Listed({ about }: { about: string }) {
  const { t } = useTexts();
  const pages = usePages();
  const [{ data, error }, ask] = useQuery({ query: projectsQuery, variables: { after: pages.after, about: about || null } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const { nodes, pageInfo } = data.sharedProjects;
  if (nodes.length === 0) return <Empty>{t('projects.none')}</Empty>;
  return (
    <>
      <ProjectCards projects={nodes} />
      <Pager pages={pages} info={pageInfo} named />
    </>
  );
}
