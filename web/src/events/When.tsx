import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { formatDayParts, formatMoment, formatPartialDate, formatClock } from '../format/when';
import { useTexts } from '../i18n';

export const whenFragment = graphql(`
  fragment EventWhen on Event {
    startsAt
    endsAt
    date {
      year
      month
      day
    }
  }
`);

interface Props {
  event: FragmentOf<typeof whenFragment>;
}

// When says the moment of an event in words, as far as it is known.
export function When({ event }: Props) {
  const { t, language } = useTexts();
  const { startsAt, endsAt, date } = readFragment(whenFragment, event);
  if (startsAt === null) {
    const partial = date === null ? null : formatPartialDate(date, language);
    return <>{partial ?? t('events.unknownDate')}</>;
  }
  const sameDay = endsAt !== null && startsAt.slice(0, 10) === endsAt.slice(0, 10);
  return (
    <time dateTime={startsAt}>
      {formatMoment(startsAt, language)}
      {sameDay && `–${formatClock(endsAt, language)}`}
      {endsAt !== null && !sameDay && ` – ${formatMoment(endsAt, language)}`}
    </time>
  );
}

// Day is the same for the eye: a large number in a list. The words say it all.
export function Day({ event }: Props) {
  const { language } = useTexts();
  const { startsAt, date } = readFragment(whenFragment, event);
  const day = startsAt === null ? date : formatDayParts(startsAt, language);
  if (day === null || day.day === null) return <div className="day" aria-hidden="true" />;
  const month = 'monthName' in day ? day.monthName : formatPartialDate({ year: null, month: day.month, day: null }, language);
  return (
    <div className="day" aria-hidden="true">
      <strong>{day.day}</strong>
      {month}
    </div>
  );
}
