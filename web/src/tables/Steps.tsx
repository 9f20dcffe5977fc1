import { graphql } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { sessionFragment, type SessionShown } from './session';

const callMutation = graphql(
  `
    mutation TableSessionCall($input: TableSessionCallInput!) {
      tableSessionCall(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

const openMutation = graphql(
  `
    mutation TableSessionOpen($input: TableSessionOpenInput!) {
      tableSessionOpen(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

const closeMutation = graphql(
  `
    mutation TableSessionClose($input: TableSessionCloseInput!) {
      tableSessionClose(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

// Steps are what takes a session further: called, begun, ended.
export function Steps({ session }: { session: SessionShown }) {
  const { t } = useTexts();
  const call = useAction(callMutation);
  const open = useAction(openMutation);
  const close = useAction(closeMutation);
  const { id, state } = session;
  const busy = call.busy || open.busy || close.busy;
  return (
    <>
      <WrongList wrong={[...call.wrong, ...open.wrong, ...close.wrong]} />
      <p className="actions actions-above">
        {state === 'PROPOSED' && (
          <button type="button" className="button-main" aria-disabled={busy} onClick={() => void call.run({ id })}>
            {t('tables.call')}
          </button>
        )}
        {state === 'CALLED' && (
          <>
            <button type="button" className="button-main" aria-disabled={busy} onClick={() => void open.run({ id, secondCall: false })}>
              {t('tables.open')}
            </button>
            <button type="button" aria-disabled={busy} onClick={() => void open.run({ id, secondCall: true })}>
              {t('tables.openSecond')}
            </button>
          </>
        )}
        {state === 'IN_SESSION' && (
          <button type="button" aria-disabled={busy} onClick={() => void close.run({ id })}>
            {t('tables.close')}
          </button>
        )}
      </p>
    </>
  );
}
