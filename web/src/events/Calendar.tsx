import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { dayOf, formatClock, formatDay, formatMonth, inDays } from '../format/when';
import { useTexts } from '../i18n';
import { filterOf, type Filters } from './filters';
import { daysOf, monthsAway } from './month';

const inMonthFragment = graphql(`
  fragment EventInMonth on Event {
    id
    title
    startsAt
  }
`);

const monthQuery = graphql(
  `
    query EventsOfMonth($filter: EventFilter) {
      events(first: 100, filter: $filter) {
        nodes {
          ...EventInMonth
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [inMonthFragment],
);

interface Props {
  filters: Filters;
  // YYYY-MM; null: this month.
  month: string | null;
  onMonth: (month: string) => void;
}

// Calendar is a month of events. Days without any are for the eye only.
export function Calendar({ filters, month: asked, onMonth }: Props) {
  const { t, language } = useTexts();
  const month = asked !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : inDays(0).slice(0, 7);
  const days = daysOf(month);
  const filter = { ...filterOf(filters), from: `${month}-01`, until: days.at(-1) ?? `${month}-28` };
  const [{ data, error }, ask] = useQuery({ query: monthQuery, variables: { filter } });
  return (
    <section aria-labelledby="month">
      <div className="month-head">
        <button type="button" onClick={() => onMonth(monthsAway(month, -1))}>
          {t('events.monthBefore')}
        </button>
        <h2 id="month" aria-live="polite">
          {formatMonth(month, language)}
        </h2>
        <button type="button" onClick={() => onMonth(monthsAway(month, 1))}>
          {t('events.monthAfter')}
        </button>
      </div>
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && <Month days={days} events={data.events.nodes} />}
      {data?.events.pageInfo.hasNextPage === true && <p className="soft">{t('events.moreInMonth')}</p>}
    </section>
  );
}

function Month({ days, events: given }: { days: string[]; events: readonly FragmentOf<typeof inMonthFragment>[] }) {
  const { t, language } = useTexts();
  const events = readFragment(inMonthFragment, given);
  const weekday = (new Date(`${days[0]}T00:00:00Z`).getUTCDay() + 6) % 7; // weeks begin on Monday
  if (events.length === 0) return <p className="empty">{t('events.noneInMonth')}</p>;
  return (
    <ol className={`month month-from-${weekday}`}>
      {days.map((day) => {
        const here = events.filter(({ startsAt }) => startsAt !== null && dayOf(startsAt) === day);
        return (
          <li key={day} className={here.length === 0 ? 'month-none' : undefined}>
            <h3>
              <span className="unseen">{formatDay(day, language)}</span>
              <span aria-hidden="true">{Number(day.slice(8))}</span>
            </h3>
            {here.map(({ id, title, startsAt }) => (
              <p key={id}>
                {startsAt !== null && <span className="times small">{formatClock(startsAt, language)} </span>}
                <Link to={`/events/${id}`}>{title}</Link>
              </p>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
