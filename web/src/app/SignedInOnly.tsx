import type { ReactNode } from 'react';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import type { Viewer } from '../session/standing';
import { Failed } from './Failed';
import { Loading } from './Loading';
import { SignInHere } from './SignInHere';

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
      return standing.ended === null ? <PleaseSignIn /> : null; // the page says it has ended
    case 'signedIn':
      return children(standing.viewer);
  }
}

function PleaseSignIn() {
  const { t } = useTexts();
  return (
    <div className="message">
      <p>{t('session.needed')}</p>
      <SignInHere />
    </div>
  );
}
