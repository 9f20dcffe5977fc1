import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { useChanges } from '../api/followed';
import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Facts } from '../design/Facts';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { formatDay } from '../format/when';
import { Table } from '../forms/Table';
import { Copied } from '../create/Duplicate';
import { useTexts } from '../i18n';
import { ThingActions } from '../watch/ThingActions';
import { DuplicateProject } from './DuplicateProject';

const projectQuery = graphql(
  `
    query SharedProject($id: ID!) {
      sharedProject(id: $id) {
        id
        title
        state
        summary
        description
        aims
        startsOn
        endsOn
        replicable
        visibility
        places {
          ...Thing
        }
        about {
          id
          title
        }
        partners {
          lead
          side
          part
          organization {
            ...Thing
          }
        }
        commitments {
          id
          text
          due
          state
          overdue
          partner {
            ...Thing
          }
        }
        milestones {
          id
          title
          due
          reachedOn
          late
        }
        notes(first: 10) {
          id
          text
          at
        }
        derivedFrom {
          ...Thing
        }
        ledTo {
          ...Thing
        }
        viewerCanOrganise {
          allowed
        }
      }
    }
  `,
  [thingFragment],
);

const changesSubscription = graphql(`
  subscription ProjectChanges($id: ID!, $after: String) {
    projectChanges(id: $id, after: $after) {
      number
      cursor
      kind
    }
  }
`);

type Shown = NonNullable<ResultOf<typeof projectQuery>['sharedProject']>;

export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: projectQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const project = data?.sharedProject;
  return (
    <Page
      title={project?.title ?? t('projects.one')}
      kicker={
        <>
          <Link to="/projects">{t('projectsCount')}</Link>
          {project != null && (
            <>
              {' '}
              <span className="badge">{t(`projectState.${project.state}`)}</span> {project.replicable && <span className="badge badge-good">{t('projects.replicable')}</span>}
            </>
          )}
        </>
      }
      lead={project?.summary}
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {project === null && <p>{t('notFound.text')}</p>}
      {project != null && (
        <>
          <Follow id={id} onChange={again} />
          <Copied />
          <div className="beside">
            <aside aria-label={t('places.about')}>
              <About project={project} />
            </aside>
            <div>
              <Told project={project} />
              <Commitments project={project} />
              <Milestones project={project} />
              <Threads title={t('events.derivedFrom')} things={project.derivedFrom} />
              <Threads title={t('events.ledTo')} things={project.ledTo} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function Follow({ id, onChange }: { id: string; onChange: () => void }) {
  useChanges(changesSubscription, { id }, onChange);
  return null;
}

function About({ project }: { project: Shown }) {
  const { t, language } = useTexts();
  const { id, startsOn, endsOn, places, about, partners } = project;
  const day = (date: string | null) => (date === null ? null : formatDay(date, language));
  return (
    <section className="standing">
      <Facts
        facts={[
          {
            name: t('projects.partners'),
            value: (
              <ul className="plain-list">
                {partners.map(({ organization, lead, part }) => (
                  <li key={readFragment(thingFragment, organization).id}>
                    <ThingLink thing={organization} acting /> {lead && <span className="badge">{t('projects.leads')}</span>}
                    {part !== null && <span className="small soft"> {part}</span>}
                  </li>
                ))}
              </ul>
            ),
          },
          { name: t('projects.dates'), value: [day(startsOn), day(endsOn)].filter((one) => one !== null).join(' – ') },
          {
            name: t('directory.actsIn'),
            value: places.length > 0 && (
              <ul className="plain-list">
                {places.map((place) => (
                  <li key={readFragment(thingFragment, place).id}>
                    <ThingLink thing={place} />
                  </li>
                ))}
              </ul>
            ),
          },
          { name: t('filters.about'), value: about.map(({ title }) => title).join(', ') },
        ]}
      />
      <ThingActions id={id} title={project.title}>
        {project.viewerCanOrganise.allowed && <DuplicateProject project={project} />}
      </ThingActions>
    </section>
  );
}

function Told({ project }: { project: Shown }) {
  const { t } = useTexts();
  const { description, aims, notes } = project;
  return (
    <>
      {description !== null && <p className="prose">{description}</p>}
      {aims.length > 0 && (
        <>
          <h2>{t('projects.aims')}</h2>
          <ul>
            {aims.map((aim, at) => (
              <li key={at}>{aim}</li>
            ))}
          </ul>
        </>
      )}
      {notes.length > 0 && (
        <>
          <h2>{t('projects.notes')}</h2>
          <ul className="rows">
            {notes.map(({ id, text }) => (
              <li key={id}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Commitments({ project }: { project: Shown }) {
  const { t, language } = useTexts();
  if (project.commitments.length === 0) return null;
  return (
    <>
      <h2>{t('projects.commitments')}</h2>
      <Table label={t('projects.commitments')} columns={[t('promised.what'), t('promised.who'), t('promised.until'), t('promised.state')]}>
        {project.commitments.map(({ id, text, partner, due, state, overdue }) => (
          <tr key={id}>
            <th scope="row">{text}</th>
            <td>
              <ThingLink thing={partner} acting />
            </td>
            <td>{due !== null && formatDay(due, language)}</td>
            <td>
              <span className={`badge ${state === 'DONE' ? 'badge-good' : overdue ? 'badge-wrong' : 'badge-plain'}`}>
                {overdue ? t('promised.late') : t(`resolutionState.${state}`)}
              </span>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Milestones({ project }: { project: Shown }) {
  const { t, language } = useTexts();
  if (project.milestones.length === 0) return null;
  return (
    <>
      <h2>{t('projects.milestones')}</h2>
      <ul className="rows">
        {project.milestones.map(({ id, title, due, reachedOn, late }) => (
          <li key={id}>
            {title}{' '}
            <span className="small soft">
              {reachedOn !== null ? t('projects.reached', { date: formatDay(reachedOn, language) }) : due !== null && formatDay(due, language)}
            </span>{' '}
            {late && <span className="badge badge-wrong">{t('promised.late')}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Threads({ title, things }: { title: string; things: Shown['ledTo'] }) {
  if (things.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {things.map((thing) => (
          <li key={readFragment(thingFragment, thing).id}>
            <ThingLink thing={thing} />
          </li>
        ))}
      </ul>
    </>
  );
}
