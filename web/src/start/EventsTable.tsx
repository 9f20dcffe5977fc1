import { graphql, type ResultOf } from '../api/graphql';
import { formatMoment, formatPartialDate } from '../format/when';
import { useTexts } from '../i18n';
import type { Language } from '../i18n/languages';
import { poolFragment, Seats } from './Seats';

export const rowFragment = graphql(
  `
    fragment EventRow on Event {
      id
      title
      kind
      startsAt
      date {
        year
        month
        day
      }
      venueName
      venues {
        id
        title
      }
      onlineUrl
      seatPools {
        ...SeatNumbers
      }
    }
  `,
  [poolFragment],
);

export type EventRow = ResultOf<typeof rowFragment>;

interface Props {
  events: readonly EventRow[];
  followed: string | null;
  onFollow: (event: EventRow) => void;
}

export function EventsTable({ events, followed, onFollow }: Props) {
  const { t } = useTexts();
  if (events.length === 0) return <p>{t('events.none')}</p>;
  return (
    // A narrow screen scrolls the table, so the keyboard must reach it.
    <div className="scroll" role="region" aria-label={t('events.heading')} tabIndex={0}>
      <table>
        <caption>{t('events.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('events.title')}</th>
            <th scope="col">{t('events.kind')}</th>
            <th scope="col">{t('events.when')}</th>
            <th scope="col">{t('events.where')}</th>
            <th scope="col">{t('events.places')}</th>
            <th scope="col">{t('events.live')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Row key={event.id} event={event} followed={event.id === followed} onFollow={onFollow} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ event, followed, onFollow }: { event: EventRow; followed: boolean; onFollow: Props['onFollow'] }) {
  const { t, language } = useTexts();
  return (
    <tr>
      <th scope="row">{event.title}</th>
      <td>{t(`eventKind.${event.kind}`)}</td>
      <td>{when(event, language) ?? t('events.unknownDate')}</td>
      <td>{where(event) ?? (event.onlineUrl === null ? '' : t('events.online'))}</td>
      <td>
        <Seats pools={event.seatPools} />
      </td>
      <td>
        <button
          type="button"
          aria-pressed={followed}
          aria-label={t('events.followTitle', { title: event.title })}
          onClick={() => onFollow(event)}
        >
          {t('events.follow')}
        </button>
      </td>
    </tr>
  );
}

function when({ startsAt, date }: EventRow, language: Language): string | null {
  if (startsAt !== null) return formatMoment(startsAt, language);
  return date === null ? null : formatPartialDate(date, language);
}

function where({ venueName, venues }: EventRow): string | null {
  const parts = [venueName, ...venues.map(({ title }) => title)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
