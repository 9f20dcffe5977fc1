import { useNavigate } from 'react-router';

import { graphql, type VariablesOf } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

const acceptMutation = graphql(`
  mutation InvitationAccept($input: InvitationAcceptInput!) {
    invitationAccept(input: $input) {
      appointment {
        organization {
          id
        }
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  invitation: VariablesOf<typeof acceptMutation>['input']['invitation'];
  name: string;
}

// AcceptInvitation is the button by which the reader acts for who invited them.
// It leads to the organisation's page, with the rights that come with it.
export function AcceptInvitation({ invitation, name }: Props) {
  const { t } = useTexts();
  const { renew } = useSession();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(acceptMutation);
  const accept = async () => {
    const answer = await run({ invitation });
    if (answer === null) return;
    renew();
    const id = answer.invitationAccept.appointment?.organization?.id;
    await navigate(id === undefined ? '/organisations' : `/organisations/${id}`);
  };
  return (
    <>
      <WrongList wrong={wrong} />
      <button
        type="button"
        className="button-main"
        aria-disabled={busy}
        aria-label={t('invitations.acceptOf', { name })}
        onClick={() => void accept()}
      >
        {busy ? t('forms.busy') : t('invitations.accept')}
      </button>
    </>
  );
}
