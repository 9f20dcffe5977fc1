import { useState } from 'react';

import type { Start } from '../api/types';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { EventsTable } from './EventsTable';
import { LanguageSwitch } from './LanguageSwitch';
import { LivePanel } from './LivePanel';
import { useStart, type Loading } from './useStart';

export function StartPage() {
  const { t, language } = useTexts();
  const { loading, retry } = useStart(language);
  return (
    <>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <header>
        <p className="name">Teixit</p>
        <LanguageSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        <h1>{t('title')}</h1>
        <p>{t('intro')}</p>
        <Loaded loading={loading} retry={retry} />
      </main>
      <footer>
        <h2>{t('developers.heading')}</h2>
        <ul>
          <li>
            <a href="/graphiql">{t('developers.graphiql')}</a>
          </li>
          <li>
            <a href="/schema.graphql">{t('developers.schema')}</a>
          </li>
        </ul>
      </footer>
    </>
  );
}

function Loaded({ loading, retry }: { loading: Loading; retry: () => void }) {
  const { t } = useTexts();
  switch (loading.kind) {
    case 'loading':
      return <p role="status">{t('loading')}</p>;
    case 'failed':
      return (
        <div role="alert">
          <p>
            {t('failed')} {loading.reason}
          </p>
          <button type="button" onClick={retry}>
            {t('retry')}
          </button>
        </div>
      );
    case 'loaded':
      return <Network start={loading.start} />;
  }
}

// The demonstration's associations say that they are invented.
function isDemonstration({ events }: Start): boolean {
  return events.nodes.some(({ organisers }) => organisers.some(({ organization }) => organization.invented === true));
}

// Network is the loaded page: the count, the events and the one followed.
export function Network({ start }: { start: Start }) {
  const { t, language } = useTexts();
  const [followed, setFollowed] = useState<string | null>(null);
  const events = start.events.nodes;
  const event = events.find(({ id }) => id === followed);
  const { totalCount } = start.municipalities;
  const stop = () => {
    setFollowed(null);
    document.getElementById('content')?.focus(); // the button pressed is gone
  };
  return (
    <>
      {isDemonstration(start) && <p className="notice">{t('demo')}</p>}
      {totalCount !== null && (
        <dl className="figures">
          <dt>{t('municipalities')}</dt>
          <dd>{formatNumber(totalCount, language)}</dd>
        </dl>
      )}
      {event !== undefined && <LivePanel event={event} onStop={stop} />}
      <section aria-labelledby="events-heading">
        <h2 id="events-heading">{t('events.heading')}</h2>
        <EventsTable events={events} followed={followed} onFollow={({ id }) => setFollowed(id)} />
      </section>
    </>
  );
}
