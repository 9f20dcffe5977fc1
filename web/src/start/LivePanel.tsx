import { useEffect, useRef, useState } from 'react';

import { connect, follow, type Status } from './follow';
import type { Change } from './changes';
import { formatTime } from '../format/when';
import { useTexts } from '../i18n';
import type { Language } from '../i18n/languages';
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
      <p role="status">{statusText(status, t)}</p>
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

function statusText(status: Status, t: ReturnType<typeof useTexts>['t']): string {
  return status.kind === 'ended' ? t('live.ended', { reason: status.reason }) : t(`live.${status.kind}`);
}

// useLive holds one connection per event and language, closed with the panel.
function useLive(id: string, language: Language) {
  const [live, setLive] = useState(nothingYet);
  const [status, setStatus] = useState<Status>({ kind: 'connecting' });
  useEffect(() => {
    const stop = new AbortController();
    const client = connect(language);
    setLive(nothingYet);
    const listener = {
      onChange: (change: Change) => setLive((before) => receive(before, change)),
      onStatus: setStatus,
    };
    void follow(client, id, listener, stop.signal);
    return () => {
      stop.abort();
      void client.dispose();
    };
  }, [id, language]);
  return { live, status };
}
