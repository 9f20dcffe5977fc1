import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { useTexts } from '../i18n';

export const projectCardFragment = graphql(`
  fragment ProjectCard on SharedProject {
    id
    title
    state
    summary
    replicable
    partners {
      lead
      organization {
        id
        name
      }
    }
  }
`);

// ProjectCards is shared projects side by side, with who leads each.
export function ProjectCards({ projects }: { projects: readonly FragmentOf<typeof projectCardFragment>[] }) {
  const { t } = useTexts();
  return (
    <ul className="cards">
      {readFragment(projectCardFragment, projects).map(({ id, title, state, summary, replicable, partners }) => (
        <li key={id} className="card">
          <h3>
            <Link to={`/projects/${id}`}>{title}</Link>
          </h3>
          <p className="soft small">
            {partners.find(({ lead }) => lead)?.organization.name}
            {partners.length > 1 && ` · ${t('projects.partnersCount', { number: partners.length })}`}
          </p>
          {summary !== null && <p>{summary}</p>}
          <p>
            <span className="badge">{t(`projectState.${state}`)}</span> {replicable && <span className="badge badge-good">{t('projects.replicable')}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
