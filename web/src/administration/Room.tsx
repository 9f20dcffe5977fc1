import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { useTexts } from '../i18n';

const rooms = [
  { to: '/administration', name: 'accounts' },
  { to: '/administration/merge', name: 'merge' },
  { to: '/administration/glass', name: 'glass' },
  { to: '/administration/jobs', name: 'jobs' },
] as const;

// Room is around each page of the administration, which is for administrators of
// the platform. Whoever else comes here is told so; the hub would refuse anyway.
export function Room({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTexts();
  return (
    <Page title={title}>
      <SignedInOnly>
        {({ account }) =>
          account?.admin === true ? (
            <>
              <nav aria-label={t('administration.rooms')}>
                <ul className="menu rooms">
                  {rooms.map(({ to, name }) => (
                    <li key={to}>
                      <NavLink to={to} end>
                        {t(`administration.${name}`)}
                      </NavLink>
                    </li>
                  ))}
                </ul>
              </nav>
              {children}
            </>
          ) : (
            <p role="alert">{t('administration.notYours')}</p>
          )
        }
      </SignedInOnly>
    </Page>
  );
}
