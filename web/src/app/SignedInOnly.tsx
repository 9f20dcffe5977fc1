import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import type { Viewer } from '../session/standing';
import { Failed } from './Failed';
import { Loading } from './Loading';

// SignedInOnly shows what is for somebody who is signed in. When their session
// is ended, what was on the page goes at once: it may be theirs no longer.
export function SignedInOnly({ children }: { children: (viewer: Viewer) => ReactNode }) {
  const { standing, renew } = useSession();
  switch (standing.kind) {
    case 'unknown':
      return <Loading />;
    case 'failed':
      return <Failed error={standing.error} retry={renew} />;
    case 'anonymous':
      return <PleaseSignIn ended={standing.ended} />;
    case 'signedIn':
      return children(standing.viewer);
  }
}

function PleaseSignIn({ ended }: { ended: boolean }) {
  const { t } = useTexts();
  const { pathname } = useLocation();
  return (
    <div role={ended ? 'alert' : undefined} className="message">
      <p>{ended ? t('session.ended') : t('session.needed')}</p>
      <Link className="button button-main" to={`/sign-in?next=${encodeURIComponent(pathname)}`}>
        {t('menu.signIn')}
      </Link>
    </div>
  );
}
