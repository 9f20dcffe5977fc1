import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { Done } from '../forms/Done';
import { Table } from '../forms/Table';
import { useAction } from '../forms/useAction';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { Invite } from './Invite';

export const invitationFragment = graphql(`
  fragment InvitationRow on Invitation {
    id
    mail
    role
    createdAt
    expiresAt
  }
`);

const revokeMutation = graphql(`
  mutation InvitationRevoke($input: InvitationRevokeInput!) {
    invitationRevoke(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Invitation = ResultOf<typeof invitationFragment>;

interface Props {
  organisation: string;
  kind: string;
  invitations: readonly FragmentOf<typeof invitationFragment>[];
  administers: boolean;
  onChange: () => void;
}

// Invitations are how somebody comes to act for an organisation: by mail, and
// only when they accept.
export function Invitations({ organisation, kind, invitations: given, administers, onChange }: Props) {
  const { t } = useTexts();
  const invitations = readFragment(invitationFragment, given);
  const [said, setSaid] = useState<string | null>(null);
  const finish = (text: string) => {
    setSaid(text);
    onChange();
  };
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">{t('invitations.heading')}</h2>
      {said !== null && <Done focus>{said}</Done>}
      {invitations.length === 0 ? (
        <p>{t('invitations.none')}</p>
      ) : (
        <InvitationTable invitations={invitations} onRevoked={() => finish(t('invitations.revoked'))} />
      )}
      {administers && (
        <Invite organisation={organisation} kind={kind} onInvited={(mail) => finish(t('invitations.sent', { mail }))} />
      )}
    </section>
  );
}

function InvitationTable({ invitations, onRevoked }: { invitations: readonly Invitation[]; onRevoked: () => void }) {
  const { t, language } = useTexts();
  return (
    <Table
      label={t('invitations.heading')}
      columns={[t('signIn.mail'), t('organisations.role'), t('invitations.sentAt'), t('access.until'), t('access.action')]}
    >
      {invitations.map((invitation) => (
        <tr key={invitation.id}>
          <th scope="row">{invitation.mail}</th>
          <td>{t(`actingRole.${invitation.role}`)}</td>
          <td>{formatShort(invitation.createdAt, language)}</td>
          <td>{formatShort(invitation.expiresAt, language)}</td>
          <td>
            <Revoke invitation={invitation} onRevoked={onRevoked} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Revoke({ invitation: { id, mail }, onRevoked }: { invitation: Invitation; onRevoked: () => void }) {
  const { t } = useTexts();
  const acting = useAction(revokeMutation);
  return (
    <AskFirst
      label={t('invitations.revoke')}
      title={t('invitations.revokeOf', { mail })}
      action={t('invitations.revoke')}
      acting={acting}
      run={() => acting.run({ invitation: id })}
      onDone={onRevoked}
    >
      <p>{t('invitations.revokeSure')}</p>
    </AskFirst>
  );
}
