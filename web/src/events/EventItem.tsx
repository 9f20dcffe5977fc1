import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { useTexts } from '../i18n';
import { poolFragment, Seats } from './Seats';
import { Day, When, whenFragment } from './When';

export const itemFragment = graphql(
  `
    fragment EventItem on Event {
      id
      title
      kind
      state
      venueName
      venues {
        id
        title
      }
      onlineUrl
      organisers {
        lead
        organization {
          id
          name
        }
      }
      seatPools {
        ...SeatNumbers
      }
      ...EventWhen
    }
  `,
  [poolFragment, whenFragment],
);

export type EventItems = readonly FragmentOf<typeof itemFragment>[];

// EventList is events one under the other, with their day and how full they are.
export function EventList({ events }: { events: EventItems }) {
  return (
    <ol className="event-list">
      {readFragment(itemFragment, events).map((event) => (
        <li key={event.id} className="event-item">
          <Item event={event} />
        </li>
      ))}
    </ol>
  );
}

function Item({ event }: { event: ReturnType<typeof one> }) {
  const { t } = useTexts();
  const lead = event.organisers.find(({ lead }) => lead)?.organization ?? null;
  const where = whereOf(event) ?? (event.onlineUrl === null ? null : t('events.online'));
  return (
    <>
      <Day event={event} />
      <div>
        <h3>
          <Link to={`/events/${event.id}`}>{event.title}</Link>
        </h3>
        <p>
          <When event={event} />
          {where !== null && <> · {where}</>}
        </p>
        <p className="soft small">
          {t(`eventKind.${event.kind}`)}
          {lead !== null && <> · {lead.name}</>}
          {event.state !== 'PUBLISHED' && (
            <>
              {' '}
              <span className={event.state === 'CANCELLED' ? 'badge badge-wrong' : 'badge badge-plain'}>{t(`eventState.${event.state}`)}</span>
            </>
          )}
        </p>
      </div>
      <div>
        <Seats pools={event.seatPools} />
      </div>
    </>
  );
}

function one(event: FragmentOf<typeof itemFragment>) {
  return readFragment(itemFragment, event);
}

export function whereOf({ venueName, venues }: { venueName: string | null; venues: readonly { title: string }[] }): string | null {
  const parts = [venueName, ...venues.map(({ title }) => title)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
