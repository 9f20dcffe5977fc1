import { graphql } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import type { SessionShown } from './session';

const approveMutation = graphql(`
  mutation MinutesApprove($input: MinutesApproveInput!) {
    minutesApprove(input: $input) {
      session {
        id
        state
        minutes {
          approved
          revision
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
  item: SessionShown['agenda'][number];
  session: SessionShown;
  organises: boolean;
}

// ApproveMinutes is the point of an agenda by which the minutes of an earlier
// session are approved: their text, and the approval once there is a quorum. What
// is approved is what was read: had somebody changed it meanwhile, it is refused.
export function ApproveMinutes({ item: { minutesOf }, session, organises }: Props) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(approveMutation);
  if (minutesOf === null || minutesOf.minutes === null) return null;
  const { id, title, number, minutes } = minutesOf;
  return (
    <>
      <details>
        <summary>{t('tables.minutesRead', { number, title })}</summary>
        <p className="prose">{minutes.text}</p>
      </details>
      <WrongList wrong={wrong} />
      {minutes.approved && <span className="badge badge-good">{t('tables.minutesApproved')}</span>}
      {organises && !minutes.approved && session.state === 'IN_SESSION' && (
        <button type="button" aria-disabled={busy} onClick={() => void run({ session: id, in: session.id, expectedRevision: minutes.revision })}>
          {t('tables.approve')}
        </button>
      )}
    </>
  );
}
