import { useState } from 'react';
import { NavLink, useNavigate } from 'react-router';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import type { Viewer } from '../session/standing';

// Account is the menu of who is signed in.
export function Account({ viewer }: { viewer: Viewer }) {
  const { t } = useTexts();
  return (
    <>
      <nav aria-label={t('menu.label')}>
        <ul className="menu">
          <li>
            <NavLink to="/organisations">{t('menu.organisations')}</NavLink>
          </li>
          <li>
            <NavLink to="/me" end>
              {t('menu.me')}
            </NavLink>
          </li>
          <li>
            <NavLink to="/me/access">{t('menu.access')}</NavLink>
          </li>
          {viewer.account?.admin === true && (
            <li>
              <NavLink to="/administration">{t('menu.administration')}</NavLink>
            </li>
          )}
        </ul>
      </nav>
      <div className="account">
        {viewer.person.name !== null && <span>{viewer.person.name}</span>}
        {viewer.actingFor !== null && (
          <span className="badge">{t('organisations.actingFor', { name: viewer.actingFor.name })}</span>
        )}
        <SignOut />
      </div>
    </>
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
