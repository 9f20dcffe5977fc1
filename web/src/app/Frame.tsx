import { Suspense } from 'react';
import { NavLink, Outlet, ScrollRestoration } from 'react-router';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { StayDialog } from '../session/StayDialog';
import { Account } from './Account';
import { LanguageSwitch } from './LanguageSwitch';
import { Loading } from './Loading';

// Frame is around every page: the way past the head, the menu, who is signed
// in, the language, and what is for programs.
export function Frame() {
  const { t } = useTexts();
  return (
    <>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <header className="frame-head">
        <NavLink to="/" className="name">
          {t('name')}
        </NavLink>
        <Menu />
        <div className="push">
          <LanguageSwitch />
        </div>
      </header>
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

function Menu() {
  const { t } = useTexts();
  const { standing } = useSession();
  if (standing.kind === 'signedIn') return <Account viewer={standing.viewer} />;
  if (standing.kind !== 'anonymous') return null;
  return (
    <nav aria-label={t('menu.label')}>
      <NavLink to="/sign-in">{t('menu.signIn')}</NavLink>
    </nav>
  );
}

function Foot() {
  const { t } = useTexts();
  return (
    <footer className="frame-foot">
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
  );
}
