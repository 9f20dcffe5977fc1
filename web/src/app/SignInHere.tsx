import { Link, useLocation } from 'react-router';

import { useTexts } from '../i18n';

// SignInHere leads to signing in and back to this page.
export function SignInHere() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  return (
    <Link className="button button-main" to={`/sign-in?next=${encodeURIComponent(pathname)}`}>
      {t('menu.signIn')}
    </Link>
  );
}
