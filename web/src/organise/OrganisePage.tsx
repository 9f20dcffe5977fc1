import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { useFollowed } from '../events/changes';
import { useCalm } from '../checkin/useCalm';
import { Organising } from '../events/Organising';
import { poolFragment, Seats } from '../events/Seats';
import { When, whenFragment } from '../events/When';
import { useTexts } from '../i18n';
import { useAll } from './all';
import { Board } from './Board';
import { Capacity, Duplicate, Message } from './forms';
import { Import } from './Import';
import { Registrations } from './Registrations';

const eventQuery = graphql(
  `
    query EventOrganised($id: ID!) {
      event(id: $id) {
        id
        title
        state
        startsAt
        viewerCanOrganise
        seatPools {
          ...SeatNumbers
        }
        ...EventWhen
      }
    }
  `,
  [poolFragment, whenFragment],
);

// How soon after a change the registrations are read again: the board moves at once.
const calm = 4000;

type Organised = NonNullable<ResultOf<typeof eventQuery>['event']>;

// What the organisers of an event work with: how it stands, who comes, and what to
// take along.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: eventQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const event = data?.event;
  return (
    <Page
      title={t('organise.title')}
      kicker={<Link to={`/events/${id}`}>{event?.title ?? t('events.title')}</Link>}
      lead={event == null ? undefined : <When event={event} />}
    >
      <SignedInOnly>
        {() => (
          <>
            {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
            {error === undefined && data === undefined && <Loading />}
            {data !== undefined && event?.viewerCanOrganise !== true && <p>{t('organise.gone')}</p>}
            {event?.viewerCanOrganise === true && <Organised event={event} again={again} />}
          </>
        )}
      </SignedInOnly>
    </Page>
  );
}

function Organised({ event, again }: { event: Organised; again: () => void }) {
  const { t, language } = useTexts();
  const all = useAll(event.id);
  useFollowed(event.id, useCalm(all.again, calm));
  const files = `/files/events/${event.id}/participants`;
  return (
    <div className="beside">
      <aside aria-label={t('create.organising')}>
        <Organising event={event} onChange={again} here />
        <section className="standing" aria-labelledby="take">
          <h2 id="take">{t('organise.take')}</h2>
          <p className="hint">{t('organise.takeHint')}</p>
          <ul className="plain-list">
            <li>
              <a href={`${files}.csv?lang=${language}`} download>
                {t('organise.csv')}
              </a>
            </li>
            <li>
              <a href={`${files}.xlsx?lang=${language}`} download>
                {t('organise.xlsx')}
              </a>
            </li>
            <li>
              <Link to={`/events/${event.id}/sheets`}>{t('organise.sheets')}</Link>
            </li>
          </ul>
        </section>
      </aside>
      <div>
        <section aria-labelledby="board">
          <h2 id="board">{t('organise.board')}</h2>
          <Board id={event.id} />
        </section>
        <section aria-labelledby="places">
          <h2 id="places">{t('organise.places')}</h2>
          <Seats pools={event.seatPools} />
          <Capacity pools={event.seatPools} again={all.again} />
        </section>
        <section aria-labelledby="registrations">
          <h2 id="registrations">{t('organise.registrations')}</h2>
          <Registrations all={all} />
        </section>
        <section aria-labelledby="import">
          <h2 id="import">{t('organise.import')}</h2>
          <Import event={event.id} again={all.again} />
        </section>
        <section aria-labelledby="message">
          <h2 id="message">{t('organise.message')}</h2>
          <Message event={event.id} />
        </section>
        <section aria-labelledby="duplicate">
          <h2 id="duplicate">{t('organise.duplicate')}</h2>
          <Duplicate event={event.id} startsAt={event.startsAt} />
        </section>
      </div>
    </div>
  );
}
