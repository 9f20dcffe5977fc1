import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { AcceptInvitation } from './AcceptInvitation';

export const invitationToMeFragment = graphql(`
  fragment InvitationToMe on Invitation {
    id
    role
    expiresAt
    organization {
      id
      name
    }
  }
`);

// InvitationsToMe are those sent to the reader's own proven address.
export function InvitationsToMe({ invitations: given }: { invitations: readonly FragmentOf<typeof invitationToMeFragment>[] }) {
  const { t, language } = useTexts();
  const invitations = readFragment(invitationToMeFragment, given);
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="invitations-to-me" className="panel">
      <h2 id="invitations-to-me">{t('invitations.toMe')}</h2>
      <ul className="plain-list">
        {invitations.map(({ id, role, organization, expiresAt }) => (
          <li key={id}>
            <p>
              {t('invitations.toActAs', { role: t(`actingRole.${role}`), name: organization?.name ?? t('invitations.unknown') })}{' '}
              {t('invitations.until', { when: formatShort(expiresAt, language) })}
            </p>
            <AcceptInvitation invitation={{ id }} name={organization?.name ?? t('invitations.unknown')} />
          </li>
        ))}
      </ul>
    </section>
  );
}
