import { Suspense, useEffect, useState } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';

import { Logo } from '../design/Logo';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { StayDialog } from '../session/StayDialog';
import { Account } from './Account';
import { ConnectionSign } from './ConnectionSign';
import { LanguageSwitch } from './LanguageSwitch';
import { Loading } from './Loading';
import { SearchBox } from './SearchBox';

// Frame is around every page: the way past the head, where one can go, search,
// who is signed in, the language, how the connection stands, and what is for
// programs.
export function Frame() {
  const { t } = useTexts();
  return (
    <>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <Head />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Foot />
      <StayDialog />
      <ScrollRestoration />
    </>
  );
}

// On a telephone all but the name and the connection is behind one button, which
// closes when the reader has gone somewhere.
function Head() {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const { key } = useLocation();
  useEffect(() => setOpen(false), [key]);
  return (
    <header className="frame-head">
      <div className="frame-bar">
        <Link to="/" className="name">
          <Logo />
          {t('name')}
        </Link>
        <ConnectionSign />
        <button type="button" className="menu-button" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>
          {t('menu.open')}
        </button>
      </div>
      <div id="menu" className="frame-menu" data-open={open || undefined}>
        <nav aria-label={t('menu.label')}>
          <ul className="menu">
            {places.map(({ to, text }) => (
              <li key={to}>
                <NavLink to={to}>{t(text)}</NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <SearchBox />
        <div className="frame-side">
          <LanguageSwitch />
          <Who />
        </div>
      </div>
    </header>
  );
}

const places = [
  { to: '/events', text: 'menu.events' },
  { to: '/map', text: 'menu.map' },
  { to: '/directory', text: 'menu.directory' },
  { to: '/tables', text: 'menu.tables' },
  { to: '/projects', text: 'menu.projects' },
] as const;

function Who() {
  const { t } = useTexts();
  const { standing } = useSession();
  if (standing.kind === 'signedIn') return <Account viewer={standing.viewer} />;
  if (standing.kind !== 'anonymous') return null;
  return (
    <Link className="button" to="/sign-in">
      {t('menu.signIn')}
    </Link>
  );
}

function Foot() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  return (
    <footer className="frame-foot">
      <div>
        <div>
          <p>{t('foot')}</p>
          <p className="small">{t('sources')}</p>
        </div>
        <nav aria-label={t('developers.heading')}>
          <ul>
            <li>
              <Link to={`/report?page=${encodeURIComponent(pathname)}`}>{t('report.title')}</Link>
            </li>
            <li>
              <Link to="/accessibility">{t('accessibility.title')}</Link>
            </li>
            <li>
              <a href="/calendar/hub/events.atom">{t('developers.atom')}</a>
            </li>
            <li>
              <Link to="/embeds">{t('embeds.title')}</Link>
            </li>
            <li>
              <Link to="/design">{t('design.title')}</Link>
            </li>
            <li>
              <a href="/graphiql">{t('developers.graphiql')}</a>
            </li>
            <li>
              <a href="/schema.graphql">{t('developers.schema')}</a>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
