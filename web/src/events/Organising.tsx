import { Link } from 'react-router';

import { graphql } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

const publishMutation = graphql(`
  mutation EventPublish($input: EventPublishInput!) {
    eventPublish(input: $input) {
      event {
        id
        state
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
  event: { id: string; state: string };
  onChange: () => void;
  // Whether this is the organisers' own page.
  here?: boolean;
}

// Organising is what the organisers of an event find on its page.
export function Organising({ event: { id, state }, onChange, here = false }: Props) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(publishMutation);
  return (
    <section className="standing" aria-labelledby="organising">
      <h2 id="organising">{t('create.organising')}</h2>
      <WrongList wrong={wrong} />
      <p className="actions">
        {state === 'DRAFT' && (
          <button type="button" className="button-main" aria-disabled={busy} onClick={() => void run({ id }).then((answer) => answer !== null && onChange())}>
            {t('create.publish')}
          </button>
        )}
        {!here && (
          <Link className="button" to={`/events/${id}/organise`}>
            {t('organise.title')}
          </Link>
        )}
        {(state === 'PUBLISHED' || state === 'HELD') && (
          <Link className="button" to={`/events/${id}/check-in`}>
            {t('door.open')}
          </Link>
        )}
        {!here && (
          <Link className="button" to={`/events/new?from=${id}`}>
            {t('create.duplicate')}
          </Link>
        )}
      </p>
    </section>
  );
}
