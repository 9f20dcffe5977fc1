import { useLocation } from 'react-router';

import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { SignInHere } from './SignInHere';

// Ended says on whatever page it happens that the session is over and why, until
// somebody signs in.
export function Ended() {
  const { t } = useTexts();
  const { standing } = useSession();
  const { pathname } = useLocation();
  if (standing.kind !== 'anonymous' || standing.ended === null) return null;
  return (
    <div role="alert" className="message">
      <p>{t(`session.ended.${standing.ended}`)}</p>
      {pathname !== '/sign-in' && <SignInHere />}
    </div>
  );
}
