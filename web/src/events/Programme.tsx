import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { formatClock, formatDate, dayOf } from '../format/when';
import { useTexts } from '../i18n';

export const programmeFragment = graphql(`
  fragment Programme on Event {
    id
    sessions {
      id
      title
      description
      startsAt
      endsAt
      room
      track
      speakers {
        name
        role
        organisation
      }
    }
  }
`);

type Session = ResultOf<typeof programmeFragment>['sessions'][number];

export function Programme({ event: given }: { event: FragmentOf<typeof programmeFragment> }) {
  const { t, language } = useTexts();
  const { sessions } = readFragment(programmeFragment, given);
  if (sessions.length === 0) return null;
  const days = [...new Set(sessions.map(({ startsAt }) => (startsAt === null ? null : dayOf(startsAt))))];
  return (
    <>
      <h2>{t('events.programme')}</h2>
      {days.map((day) => {
        const ofDay = sessions.filter(({ startsAt }) => (startsAt === null ? null : dayOf(startsAt)) === day);
        const first = ofDay[0]?.startsAt ?? null;
        return (
          <section key={day}>
            {days.length > 1 && first !== null && <p className="soft">{formatDate(first, language)}</p>}
            <ol className="programme">
              {ofDay.map((session) => (
                <Item key={session.id} session={session} />
              ))}
            </ol>
          </section>
        );
      })}
    </>
  );
}

function Item({ session }: { session: Session }) {
  const { language } = useTexts();
  const { title, description, startsAt, endsAt, room, track, speakers } = session;
  const place = [room, track].filter((part) => part !== '').join(' · ');
  return (
    <li>
      <div className="times soft">
        {startsAt !== null && <time dateTime={startsAt}>{formatClock(startsAt, language)}</time>}
        {endsAt !== null && `–${formatClock(endsAt, language)}`}
      </div>
      <div>
        <h3>{title}</h3>
        {place !== '' && <p className="small soft">{place}</p>}
        {description !== null && <p>{description}</p>}
        {speakers.length > 0 && (
          <p className="small">
            {speakers.map(({ name, role, organisation }) => [name, role, organisation].filter((part) => part !== null && part !== '').join(', ')).join(' · ')}
          </p>
        )}
      </div>
    </li>
  );
}
