import { useEffect, useRef, useState } from 'react';

import { connect, follow, type Status } from './follow';
import type { Change } from './changes';
import { ConnectionSign } from './ConnectionSign';
import { ask } from '../api/ask';
import { formatTime } from '../format/when';
import { useTexts } from '../i18n';
import type { Language } from '../i18n/languages';
import { useSession } from '../session/Session';
import type { EventRow } from './EventsTable';
import { nothingYet, receive } from './seats';
import { Seats } from './Seats';

// LivePanel follows one event for as long as it is on the page. The focus goes
// to its heading, since it opens above the button that asked for it.
export function LivePanel({ event, onStop }: { event: EventRow; onStop: () => void }) {
  const { t, language } = useTexts();
  const { live, status } = useLive(event.id, language);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [event.id]);
  return (
    <section aria-labelledby="live-heading" className="live">
      <h2 id="live-heading" ref={heading} tabIndex={-1}>
        {t('live.heading', { title: event.title })}
      </h2>
      <ConnectionSign status={status} />
      {live.gone && <p>{t('live.gone')}</p>}
      {live.pools.length > 0 && <Seats pools={live.pools} />}
      <h3 id="live-log">{t('live.log')}</h3>
      <div className="log" role="log" aria-labelledby="live-log" tabIndex={0}>
        <ol reversed>
          {live.log.map((change) => (
            <li key={change.number}>
              <LogLine change={change} />
            </li>
          ))}
        </ol>
      </div>
      <button type="button" onClick={onStop}>
        {t('live.stop')}
      </button>
    </section>
  );
}

function LogLine({ change }: { change: Change }) {
  const { t, language } = useTexts();
  if (change.kind === null) return <>{t('live.state', { number: change.number })}</>;
  return (
    <>
      {t('live.change', { number: change.number, what: t(`eventChange.${change.kind}`) })}
      {change.at !== null && <time dateTime={change.at}> · {formatTime(change.at, language)}</time>}
    </>
  );
}

// useLive holds one connection per event, language and reader, closed with the
// panel. Who was signed out sees nothing of before, which may be theirs no more,
// until somebody signs in.
function useLive(id: string, language: Language) {
  const { standing } = useSession();
  const reader = standing.kind === 'signedIn' ? standing.viewer.person.id : null;
  const [live, setLive] = useState(nothingYet);
  const [status, setStatus] = useState<Status>({ kind: 'connecting' });
  const [round, setRound] = useState(0);
  const last = useRef(reader);
  useEffect(() => {
    const came = reader !== null && reader !== last.current;
    last.current = reader;
    if (came) setRound((n) => n + 1); // that somebody has gone, the connection itself tells
  }, [reader]);
  useEffect(() => {
    const stop = new AbortController();
    const client = connect(language);
    setLive(nothingYet);
    const listener = {
      onChange: (change: Change) => setLive((before) => receive(before, change)),
      onStatus: (now: Status) => {
        setStatus(now);
        if (now.kind === 'signedOut') setLive(nothingYet);
      },
      isSignedIn: last.current === null ? null : () => isSignedIn(language, stop.signal),
    };
    const cut = () => client.terminate(); // the browser knows before the connection does
    window.addEventListener('offline', cut);
    void follow(client, id, listener, stop.signal);
    return () => {
      window.removeEventListener('offline', cut);
      stop.abort();
      void client.dispose();
    };
  }, [id, language, round]);
  return { live, status };
}

// Without an answer it is tried again as after any lost connection.
async function isSignedIn(language: Language, signal: AbortSignal): Promise<boolean> {
  const { viewer } = await ask<{ viewer: object | null }>('{ viewer { person { id } } }', language, signal).catch(() => ({ viewer: {} }));
  return viewer !== null;
}
