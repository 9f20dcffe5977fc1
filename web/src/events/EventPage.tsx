import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { useFollowed } from './changes';
import { FollowLines } from './FollowLines';
import { LiveLog } from './LiveLog';
import { Organising } from './Organising';
import { Programme, programmeFragment } from './Programme';
import { Registered, registrationFragment } from './Registered';
import { poolFragment, Seats } from './Seats';
import { When, whenFragment } from './When';
import { Watch } from '../watch/Watch';

const eventQuery = graphql(
  `
    query Event($id: ID!) {
      event(id: $id) {
        id
        title
        kind
        state
        cancellationReason
        sensitive
        summary
        description
        objectives
        venueName
        venueAddress
        onlineUrl
        requiresApproval
        venues {
          ...Thing
        }
        organisers {
          lead
          organization {
            ...Thing
          }
        }
        about {
          id
          title
        }
        audiences {
          id
          title
        }
        documents {
          id
          title
          url
          version
        }
        derivedFrom {
          ...Thing
        }
        ledTo {
          ...Thing
        }
        seatPools {
          ...SeatNumbers
        }
        viewerCanOrganise
        viewerCanRegister {
          allowed
          reason
        }
        registrations(first: 20) {
          nodes {
            id
            ...MyRegistration
          }
        }
        ...EventWhen
        ...Programme
      }
    }
  `,
  [thingFragment, poolFragment, whenFragment, programmeFragment, registrationFragment],
);

export type EventShown = NonNullable<ResultOf<typeof eventQuery>['event']>;

export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: eventQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const event = data?.event;
  return (
    <Page title={event?.title ?? t('events.title')} kicker={event ? <Kicker event={event} /> : undefined} lead={event?.summary}>
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {event === null && <p>{t('notFound.text')}</p>}
      {event != null && <Shown event={event} again={again} />}
    </Page>
  );
}

function Kicker({ event }: { event: EventShown }) {
  const { t } = useTexts();
  return (
    <>
      <Link to="/events">{t('menu.events')}</Link> · {t(`eventKind.${event.kind}`)}
      {event.state !== 'PUBLISHED' && (
        <>
          {' '}
          <span className={event.state === 'CANCELLED' ? 'badge badge-wrong' : 'badge badge-plain'}>{t(`eventState.${event.state}`)}</span>
        </>
      )}
    </>
  );
}

function Shown({ event, again }: { event: EventShown; again: () => void }) {
  const { t } = useTexts();
  const { live, error } = useFollowed(event.id);
  return (
    <>
      {event.cancellationReason !== null && (
        <div className="message message-wrong">
          <p>{event.cancellationReason}</p>
        </div>
      )}
      {live.gone && (
        <p role="alert" className="message message-wrong">
          {t('live.gone')}
        </p>
      )}
      <div className="beside">
        <aside aria-label={t('events.places')}>
          <Standing event={event} />
          {event.viewerCanOrganise && <Organising event={event} onChange={again} />}
          <Mine event={event} again={again} />
        </aside>
        <div>
          <Facts event={event} />
          <About event={event} />
          <Programme event={event} />
          <Documents event={event} />
          <Threads event={event} />
          <LiveLog live={live} error={error} />
        </div>
      </div>
    </>
  );
}

function Facts({ event }: { event: EventShown }) {
  const { t } = useTexts();
  const { venueName, venueAddress, venues, onlineUrl, organisers } = event;
  const known = organisers.flatMap(({ organization, lead }) => (organization === null ? [] : [{ organization, lead }]));
  return (
    <dl className="facts">
      <dt>{t('events.when')}</dt>
      <dd>
        <When event={event} />
      </dd>
      <dt>{t('events.where')}</dt>
      <dd>
        {[venueName, venueAddress].filter((part) => part !== null && part !== '').join(', ')}
        {venues.map((venue, at) => (
          <span key={readFragment(thingFragment, venue).id}>
            {(at > 0 || venueName !== null) && ', '}
            <ThingLink thing={venue} />
          </span>
        ))}
        {onlineUrl !== null && (
          <>
            {' '}
            <a href={onlineUrl}>{t('events.online')}</a>
          </>
        )}
        {venueName === null && venues.length === 0 && onlineUrl === null && t('events.unknownPlace')}
      </dd>
      <dt>{t('events.organisers')}</dt>
      <dd>
        <ul className="plain-list">
          {known.map(({ organization, lead }) => (
            <li key={readFragment(thingFragment, organization).id}>
              <ThingLink thing={organization} acting />
              {!lead && <span className="soft"> {t('events.coOrganiser')}</span>}
            </li>
          ))}
        </ul>
      </dd>
      {event.audiences.length > 0 && (
        <>
          <dt>{t('events.audiences')}</dt>
          <dd>{event.audiences.map(({ title }) => title).join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function About({ event }: { event: EventShown }) {
  const { t } = useTexts();
  return (
    <>
      {event.about.length > 0 && (
        <ul className="tags" aria-label={t('filters.about')}>
          {event.about.map(({ id, title }) => (
            <li key={id}>
              <Link className="badge" to={`/events?about=${id}`}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {event.description !== null && <p className="prose">{event.description}</p>}
      {event.objectives.length > 0 && (
        <>
          <h2>{t('events.objectives')}</h2>
          <ul>
            {event.objectives.map((objective, at) => (
              <li key={at}>{objective}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Documents({ event }: { event: EventShown }) {
  const { t } = useTexts();
  if (event.documents.length === 0) return null;
  return (
    <>
      <h2>{t('events.documents')}</h2>
      <ul>
        {event.documents.map(({ id, title, url, version }) => (
          <li key={id}>
            <a href={url}>{title}</a>
            {version > 1 && <span className="soft"> {t('events.version', { version })}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

// What an event came of, and what came of it: the thread that is kept.
function Threads({ event }: { event: EventShown }) {
  const { t } = useTexts();
  return (
    <>
      <Thread title={t('events.derivedFrom')} things={event.derivedFrom} />
      <Thread title={t('events.ledTo')} things={event.ledTo} />
    </>
  );
}

function Thread({ title, things }: { title: string; things: EventShown['ledTo'] }) {
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

function Standing({ event }: { event: EventShown }) {
  const { t } = useTexts();
  const { standing } = useSession();
  const { allowed, reason } = event.viewerCanRegister;
  return (
    <section className="standing" aria-labelledby="places">
      <h2 id="places">{t('events.places')}</h2>
      <Seats pools={event.seatPools} />
      {event.requiresApproval && <p className="small soft">{t('events.approval')}</p>}
      {event.sensitive && <p className="small soft">{t('events.sensitive')}</p>}
      <p className="actions">
        {allowed && (
          <Link className="button button-main" to={`/events/${event.id}/register`}>
            {t('register.title')}
          </Link>
        )}
        {!allowed && standing.kind === 'anonymous' && event.state === 'PUBLISHED' && (
          <>
            <Link className="button button-main" to={`/sign-in?next=${encodeURIComponent(`/events/${event.id}/register`)}`}>
              {t('register.signIn')}
            </Link>
            {event.seatPools.length > 0 && (
              <Link className="button" to={`/events/${event.id}/register`}>
                {t('guest.without')}
              </Link>
            )}
          </>
        )}
      </p>
      {!allowed && standing.kind === 'signedIn' && reason !== null && <p className="small">{reason}</p>}
      <div className="actions">
        <Watch id={event.id} title={event.title} />
      </div>
    </section>
  );
}

function Mine({ event, again }: { event: EventShown; again: () => void }) {
  const { t } = useTexts();
  const { standing } = useSession();
  const { nodes } = event.registrations;
  if (standing.kind !== 'signedIn' || nodes.length === 0) return null;
  return (
    <section aria-labelledby="mine">
      <h2 id="mine">{t('registrations.ofEvent')}</h2>
      {nodes.map((registration) => (
        <Registered key={registration.id} registration={registration} onChange={again} />
      ))}
      <FollowLines registrations={nodes} />
    </section>
  );
}
