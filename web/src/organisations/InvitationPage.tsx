import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { MailWays } from '../signin/Ways';
import { AcceptInvitation } from './AcceptInvitation';

const invitationQuery = graphql(`
  query InvitationOfLink($token: String!) {
    invitation(token: $token) {
      id
      role
      expiresAt
      organization {
        id
        name
      }
    }
  }
`);

// Where a mailed invitation leads: what it is, signing in, accepting.
export function Component() {
  const { t } = useTexts();
  const { token } = useLinkToken();
  return (
    <Page title={t('invitations.title')}>{token === null ? <p>{t('invitations.noLink')}</p> : <Invited token={token} />}</Page>
  );
}

function Invited({ token }: { token: string }) {
  const { t, language } = useTexts();
  const { standing } = useSession();
  const [{ data, error }, ask] = useQuery({ query: invitationQuery, variables: { token } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  if (data.invitation === null) return <p role="alert">{t('invitations.useless')}</p>;
  const { role, organization, expiresAt } = data.invitation;
  const name = organization?.name ?? t('invitations.unknown');
  return (
    <>
      <p className="lead">{t('invitations.toActAs', { role: t(`actingRole.${role}`), name })}</p>
      <p>{t('invitations.until', { when: formatShort(expiresAt, language) })}</p>
      {standing.kind === 'signedIn' ? (
        <>
          <PrivacyNotice form="PERSON" />
          <AcceptInvitation invitation={{ token }} name={name} />
        </>
      ) : (
        <>
          <h2>{t('invitations.signInFirst')}</h2>
          <MailWays next="/organisations" />
        </>
      )}
    </>
  );
}
