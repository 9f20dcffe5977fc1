import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Facts } from '../design/Facts';
import { EventList, itemFragment } from '../events/EventItem';
import { Feed } from '../feeds/Feed';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { formatDay } from '../format/when';
import { useTexts } from '../i18n';
import { ProjectCards, projectCardFragment } from '../projects/ProjectCards';
import { TableCards, tableCardFragment } from '../tables/TableCards';
import { ThingActions } from '../watch/ThingActions';

// What an organisation of any kind shows to everybody. Each kind has its lists of
// its own name in the contract, so they are asked for kind by kind.
export const aboutFragment = graphql(
  `
    fragment AboutOrganisation on Organization {
      __typename
      id
      name
      identifiers {
        scheme
        value
      }
      contact {
        mail
        phone
        website
      }
      ... on Association {
        description
        sector
        boardUntil
        boardLapsed
        capacities
        links {
          label
          url
          dead
        }
        fields {
          id
          title
        }
        actsIn(first: 20) {
          ...Thing
        }
        events(first: 5) {
          nodes {
            id
            ...EventItem
          }
        }
        workingTables(first: 12) {
          nodes {
            id
            ...TableCard
          }
        }
        partnerIn(first: 12) {
          nodes {
            id
            ...ProjectCard
          }
        }
      }
      ... on Municipality {
        ineCode
        units(first: 50) {
          ...Thing
        }
        events(first: 5) {
          nodes {
            id
            ...EventItem
          }
        }
        workingTables(first: 12) {
          nodes {
            id
            ...TableCard
          }
        }
        partnerIn(first: 12) {
          nodes {
            id
            ...ProjectCard
          }
        }
      }
      ... on PublicService {
        description
        partOf {
          ...Thing
        }
        units(first: 50) {
          ...Thing
        }
        fields {
          id
          title
        }
        events(first: 5) {
          nodes {
            id
            ...EventItem
          }
        }
        workingTables(first: 12) {
          nodes {
            id
            ...TableCard
          }
        }
        partnerIn(first: 12) {
          nodes {
            id
            ...ProjectCard
          }
        }
      }
      ... on Institution {
        description
        units(first: 50) {
          ...Thing
        }
        events(first: 5) {
          nodes {
            id
            ...EventItem
          }
        }
        workingTables(first: 12) {
          nodes {
            id
            ...TableCard
          }
        }
        partnerIn(first: 12) {
          nodes {
            id
            ...ProjectCard
          }
        }
      }
    }
  `,
  [thingFragment, itemFragment, tableCardFragment, projectCardFragment],
);

type Given = FragmentOf<typeof aboutFragment>;

export function About({ organisation: given }: { organisation: Given }) {
  const { t } = useTexts();
  const one = readFragment(aboutFragment, given);
  const description = 'description' in one ? one.description : null;
  return (
    <div className="beside">
      <aside aria-label={t('places.about')}>
        <section className="standing">
          <Contact organisation={given} />
          <ThingActions id={one.id} title={one.name} />
        </section>
      </aside>
      <div>
        {description !== null && <p className="lead">{description}</p>}
        <Doing organisation={given} />
        <Feed id={one.id} />
      </div>
    </div>
  );
}

function Contact({ organisation: given }: { organisation: Given }) {
  const { t, language } = useTexts();
  const one = readFragment(aboutFragment, given);
  const { contact, identifiers } = one;
  return (
    <Facts
      facts={[
        { name: t('directory.partOf'), value: 'partOf' in one && one.partOf !== null && <ThingLink thing={one.partOf} acting /> },
        { name: t('directory.place'), value: 'ineCode' in one && <Link to={`/municipalities/${one.ineCode}`}>{t('directory.ofPlace')}</Link> },
        { name: t('directory.sector'), value: 'sector' in one && t(`sector.${one.sector}`) },
        { name: t('directory.field'), value: 'fields' in one && one.fields.map(({ title }) => title).join(', ') },
        {
          name: t('directory.actsIn'),
          value: 'actsIn' in one && one.actsIn.length > 0 && (
            <ul className="plain-list">
              {one.actsIn.map((place) => (
                <li key={readFragment(thingFragment, place).id}>
                  <ThingLink thing={place} />
                </li>
              ))}
            </ul>
          ),
        },
        { name: t('directory.mail'), value: contact?.mail != null && <a href={`mailto:${contact.mail}`}>{contact.mail}</a> },
        { name: t('directory.phone'), value: contact?.phone },
        { name: t('directory.website'), value: contact?.website != null && <a href={contact.website}>{contact.website}</a> },
        {
          name: t('directory.board'),
          value:
            'boardUntil' in one &&
            one.boardUntil !== null &&
            t(one.boardLapsed === true ? 'directory.boardLapsed' : 'directory.boardUntil', { date: formatDay(one.boardUntil, language) }),
        },
        { name: t('directory.identifiers'), value: identifiers.map(({ scheme, value }) => `${t(`identifierScheme.${scheme}`)}: ${value}`).join(', ') },
        {
          name: t('directory.links'),
          value: 'links' in one && one.links.length > 0 && (
            <ul className="plain-list">
              {one.links.map(({ label, url, dead }) => (
                <li key={url}>
                  <a href={url}>{label}</a> {dead === true && <span className="badge badge-wrong">{t('directory.dead')}</span>}
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}

function Doing({ organisation: given }: { organisation: Given }) {
  const { t } = useTexts();
  const one = readFragment(aboutFragment, given);
  const units = 'units' in one ? one.units : [];
  const capacities = 'capacities' in one ? one.capacities : [];
  return (
    <>
      {capacities.length > 0 && (
        <>
          <h2>{t('directory.capacities')}</h2>
          <ul>
            {capacities.map((capacity, at) => (
              <li key={at}>{capacity}</li>
            ))}
          </ul>
        </>
      )}
      {'events' in one && one.events.nodes.length > 0 && (
        <>
          <h2>{t('events.heading')}</h2>
          <EventList events={one.events.nodes} />
        </>
      )}
      {'partnerIn' in one && one.partnerIn.nodes.length > 0 && (
        <>
          <h2>{t('projectsCount')}</h2>
          <ProjectCards projects={one.partnerIn.nodes} />
        </>
      )}
      {'workingTables' in one && one.workingTables.nodes.length > 0 && (
        <>
          <h2>{t('tablesCount')}</h2>
          <TableCards tables={one.workingTables.nodes} />
        </>
      )}
      {units.length > 0 && (
        <>
          <h2>{t('directory.units')}</h2>
          <ul className="found">
            {units.map((unit) => (
              <li key={readFragment(thingFragment, unit).id}>
                <ThingLink thing={unit} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
