import { useState } from 'react';

import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { RoleField } from './RoleField';
import { roleOf, rolesOf } from './roles';

const inviteMutation = graphql(`
  mutation InvitationCreate($input: InvitationCreateInput!) {
    invitationCreate(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  organisation: string;
  kind: string;
  onInvited: (mail: string) => void;
}

export function Invite({ organisation, kind, onInvited }: Props) {
  const { t } = useTexts();
  const [times, setTimes] = useState(0);
  const draft = useDraft(`invite ${organisation}`);
  const { run, busy, wrong } = useAction(inviteMutation);
  const invite = async ({ text }: Values) => {
    const mail = text('mail');
    if ((await run({ organization: organisation, mail, role: roleOf(text('role')) })) === null) return;
    draft?.drop();
    setTimes((n) => n + 1);
    onInvited(mail);
  };
  return (
    <div className="panel">
      <h3>{t('invitations.invite')}</h3>
      <PrivacyNotice form="PERSON" about={organisation} />
      <Form key={times} draft={draft} wrong={wrong} onSubmit={(values) => void invite(values)} label={t('invitations.invite')}>
        <TextField label={t('signIn.mail')} name="mail" type="email" autoComplete="off" required wrong={about('mail', wrong)} />
        <RoleField roles={rolesOf(kind)} wrong={about('role', wrong)} />
        <Submit busy={busy}>{t('invitations.send')}</Submit>
      </Form>
    </div>
  );
}
