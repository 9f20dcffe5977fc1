import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
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
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const finish = (text: string) => {
    setSaid(text);
    onChange();
  };
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">{t('invitations.heading')}</h2>
      {said !== null && <Done focus>{said}</Done>}
      {invitations.length === 0 ? <p>{t('invitations.none')}</p> : <InvitationTable invitations={invitations} onRevoke={setLeaving} />}
      {administers && (
        <Invite organisation={organisation} kind={kind} onInvited={(mail) => finish(t('invitations.sent', { mail }))} />
      )}
      {leaving !== null && (
        <Revoke
          invitation={leaving}
          onLeave={(changed) => {
            setLeaving(null);
            if (changed) finish(t('invitations.revoked'));
          }}
        />
      )}
    </section>
  );
}

function InvitationTable({ invitations, onRevoke }: { invitations: readonly Invitation[]; onRevoke: (i: Invitation) => void }) {
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
            <button type="button" aria-label={t('invitations.revokeOf', { mail: invitation.mail })} onClick={() => onRevoke(invitation)}>
              {t('invitations.revoke')}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Revoke({ invitation, onLeave }: { invitation: Invitation; onLeave: (changed: boolean) => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(revokeMutation);
  const confirm = async () => {
    if ((await run({ invitation: invitation.id })) !== null) onLeave(true);
  };
  return (
    <Confirm
      title={t('invitations.revokeOf', { mail: invitation.mail })}
      action={t('invitations.revoke')}
      busy={busy}
      wrong={wrong}
      onConfirm={() => void confirm()}
      onCancel={() => onLeave(false)}
    >
      <p>{t('invitations.revokeSure')}</p>
    </Confirm>
  );
}
