import { Navigate, useLocation, useSearchParams } from 'react-router';

import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Done } from '../forms/Done';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { destination } from './destination';
import { Ways } from './Ways';

export function Component() {
  const { t } = useTexts();
  const { standing } = useSession();
  const [params] = useSearchParams();
  if (standing.kind === 'signedIn') return <Navigate to={destination(params.get('next'))} replace />;
  return (
    <Page title={t('signIn.title')}>
      <Notices error={params.get('error')} />
      {standing.kind === 'unknown' ? <Loading /> : <Ways next={params.get('next')} />}
    </Page>
  );
}

// Notices say what led here: signing out, or a provider that did not work out.
function Notices({ error }: { error: string | null }) {
  const { t } = useTexts();
  const { left } = (useLocation().state ?? {}) as { left?: boolean };
  return (
    <>
      {left === true && <Done>{t('signIn.left')}</Done>}
      {error !== null && (
        <div role="alert" className="message message-wrong">
          <p>{t(`signIn.errors.${isKnown(error) ? error : 'OIDC_FAILED'}`)}</p>
        </div>
      )}
    </>
  );
}

const known = ['OIDC_FAILED', 'OIDC_NOT_SET_UP', 'OIDC_MAIL_KNOWN', 'IDENTITY_TAKEN', 'ACCOUNT_DISABLED', 'TOO_OFTEN'] as const;

function isKnown(code: string): code is (typeof known)[number] {
  return known.some((one) => one === code);
}
