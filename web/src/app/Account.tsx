import { useState } from 'react';
import { NavLink, useNavigate } from 'react-router';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import type { Viewer } from '../session/standing';
import { Drop } from './Drop';

// Account is the menu of who is signed in.
export function Account({ viewer }: { viewer: Viewer }) {
  const { t } = useTexts();
  return (
    <>
      {viewer.actingFor !== null && <span className="badge">{t('organisations.actingFor', { name: viewer.actingFor.name })}</span>}
      <Drop label={t('menu.account')}>
        {viewer.person.name !== null && <p className="small soft">{viewer.person.name}</p>}
        <nav aria-label={t('menu.account')}>
          <ul className="menu">
            <Item to="/inbox">{t('menu.inbox')}</Item>
            <Item to="/me/registrations">{t('menu.registrations')}</Item>
            <Item to="/promised">{t('promised.title')}</Item>
            <Item to="/organisations">{t('menu.organisations')}</Item>
            <Item to="/me">{t('menu.me')}</Item>
            <Item to="/me/access">{t('menu.access')}</Item>
            {viewer.account?.admin === true && <Item to="/administration">{t('menu.administration')}</Item>}
          </ul>
        </nav>
        <hr />
        <SignOut />
      </Drop>
    </>
  );
}

function Item({ to, children }: { to: string; children: string }) {
  return (
    <li>
      <NavLink to={to} end>
        {children}
      </NavLink>
    </li>
  );
}

function SignOut() {
  const { t } = useTexts();
  const { leave } = useSession();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  const press = async () => {
    try {
      await leave();
      await navigate('/sign-in', { state: { left: true } });
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void press()}>
        {t('menu.signOut')}
      </button>
      {failed && <span role="alert">{t('menu.signOutFailed')}</span>}
    </>
  );
}
