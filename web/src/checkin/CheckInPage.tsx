import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useClient } from 'urql';

import { Page } from '../app/Page';
import { SignInHere } from '../app/SignInHere';
import { useFollowed } from '../events/changes';
import { formatClock, formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { viewerQuery } from '../session/standing';
import { ByCode, ByName } from './asking';
import { Camera } from './Camera';
import { Noted } from './Noted';
import { Said } from './Said';
import { dropRosters } from './store';
import { hasDoor } from './forget';
import { useCalm } from './useCalm';
import { useDoor, type Door } from './useDoor';
import { WalkIn } from './WalkIn';

// The door of an event, on a telephone. It works from the list that it took along:
// also without a network, and then tells the hub when there is one again.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const { standing, renew } = useSession();
  const out = useSignedOut();
  // Who may have lost only the network is asked about when it is back.
  const hopes = standing.kind === 'failed' || (standing.kind === 'anonymous' && standing.ended !== null && !out);
  const door = useDoor(id, { mayAsk: standing.kind === 'signedIn' || hopes, pending: standing.kind === 'unknown' });
  useEffect(() => {
    if (door.reached === true && hopes) renew();
  }, [door.reached, hopes, renew]);
  return (
    <Page
      title={t('door.title')}
      kicker={<Link to={`/events/${id}`}>{door.roster?.title ?? t('events.title')}</Link>}
    >
      {standing.kind === 'signedIn' && <Follow id={id} door={door} />}
      {out && (
        <div className="message">
          <p>{t(waiting(door) > 0 ? 'door.signInToSend' : 'session.needed', { number: waiting(door) })}</p>
          <SignInHere />
        </div>
      )}
      <Standing door={door} />
      {door.roster !== null && !out && (
        <div className="door">
          <div>
            <Said door={door} />
            <Camera onCode={door.showCode} />
            <ByCode door={door} />
          </div>
          <div>
            <ByName door={door} />
            <WalkIn event={id} door={door} />
            <Noted door={door} />
          </div>
        </div>
      )}
    </Page>
  );
}

function waiting({ notes }: Door): number {
  return notes.filter(({ outcome }) => outcome === null).length;
}

// useSignedOut is true when the hub itself says that nobody is signed in. Without a
// network nobody can say so, and the door goes on; when it is said, names go.
function useSignedOut(): boolean {
  const client = useClient();
  const { standing } = useSession();
  const [out, setOut] = useState(false);
  useEffect(() => {
    if (standing.kind !== 'anonymous') return setOut(false);
    let wanted = true;
    const look = async () => {
      const { data } = await client.query(viewerQuery, {}, { requestPolicy: 'network-only' }).toPromise();
      if (data?.viewer !== null || !wanted) return;
      if (hasDoor()) await dropRosters(null);
      setOut(true);
    };
    void look();
    window.addEventListener('online', look);
    return () => {
      wanted = false;
      window.removeEventListener('online', look);
    };
  }, [client, standing.kind]);
  return out;
}

// How soon after others have changed something the list is taken anew.
const calm = 3000;

function Follow({ id, door }: { id: string; door: Door }) {
  useFollowed(id, useCalm(door.refresh, calm));
  return null;
}

// Standing is how far the list and what was noted can be trusted, always in sight.
function Standing({ door }: { door: Door }) {
  const { t, language } = useTexts();
  const { roster, entries, reached, refused, kept, loading, device } = door;
  const unsent = waiting(door);
  const number = (value: number) => formatNumber(value, language);
  return (
    <div className={`door-standing ${unsent > 0 || reached === false ? 'door-behind' : ''}`}>
      <p role="status" className="door-sync">
        {loading && roster === null
          ? t('door.taking')
          : unsent > 0
            ? t('door.unsent', { number: number(unsent) })
            : t(reached === false ? 'door.offline' : 'door.synced')}
      </p>
      {refused !== null && refused !== '' && <p role="alert">{refused}</p>}
      {roster === null && !loading && refused === null && <p>{t('door.noList')}</p>}
      {roster !== null && (
        <p className="small">
          {t('door.list', {
            at: formatClock(roster.takenAt, language),
            arrived: number(entries.filter(({ state }) => state === 'ATTENDED').length),
            expected: number(entries.filter(({ state }) => ['CONFIRMED', 'ATTENDED', 'NO_SHOW'].includes(state)).length),
          })}{' '}
          {kept && t('door.kept')} {device !== '' && t('door.device', { device })}
        </p>
      )}
      <p className="actions">
        <button type="button" onClick={door.refresh}>
          {t('door.refresh')}
        </button>
      </p>
    </div>
  );
}
