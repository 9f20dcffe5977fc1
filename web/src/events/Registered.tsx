import { useState } from 'react';
import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { formatMoment, formatNumber } from '../format/when';
import { useTexts } from '../i18n';
import { When, whenFragment } from './When';

export const registrationFragment = graphql(
  `
    fragment MyRegistration on Registration {
      id
      state
      policy
      place
      confirmed
      waiting
      offeredUntil
      organization {
        id
        name
      }
      event {
        id
        title
        ...EventWhen
      }
      delegates {
        id
        name
        named
        role
        state
      }
      viewerCanCancel {
        allowed
        reason
      }
      viewerCanReplace {
        allowed
      }
    }
  `,
  [whenFragment],
);

export const cancelMutation = graphql(
  `
    mutation RegistrationCancel($input: RegistrationCancelInput!) {
      registrationCancel(input: $input) {
        registration {
          ...MyRegistration
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [registrationFragment],
);

const acceptMutation = graphql(
  `
    mutation RegistrationOfferAccept($input: RegistrationOfferAcceptInput!) {
      registrationOfferAccept(input: $input) {
        registration {
          ...MyRegistration
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [registrationFragment],
);

const replaceMutation = graphql(
  `
    mutation DelegateReplace($input: DelegateReplaceInput!) {
      delegateReplace(input: $input) {
        registration {
          ...MyRegistration
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [registrationFragment],
);

type Registration = ResultOf<typeof registrationFragment>;

interface Props {
  registration: FragmentOf<typeof registrationFragment>;
  onChange: () => void;
  // Where the page is not the event's, its name leads there.
  named?: boolean;
}

// Registered is one registration: where it stands, who comes, and a way out.
export function Registered({ registration: given, onChange, named = false }: Props) {
  const { t } = useTexts();
  const registration = readFragment(registrationFragment, given);
  const acting = useAction(cancelMutation);
  const { id, organization, event, state, viewerCanCancel } = registration;
  return (
    <article className="standing" aria-label={organization?.name ?? t('registrations.one')}>
      {named && event !== null && (
        <>
          <h2>
            <Link to={`/events/${event.id}`}>{event.title}</Link>
          </h2>
          <p className="soft small">
            <When event={event} />
          </p>
        </>
      )}
      <p>
        <strong>{organization?.name}</strong>
        <br />
        <span className={`badge ${tones[state]}`}>{t(`registrationState.${state}`)}</span>
      </p>
      <Place registration={registration} />
      {registration.offeredUntil !== null && viewerCanCancel.allowed && (
        <Offer id={id} until={registration.offeredUntil} onChange={onChange} />
      )}
      <Delegates registration={registration} onChange={onChange} />
      {viewerCanCancel.allowed && (
        <AskFirst
          label={t('registrations.cancel')}
          action={t('registrations.cancelNow')}
          acting={acting}
          run={() => acting.run({ id })}
          onDone={onChange}
        >
          <p>{t('registrations.cancelSure')}</p>
        </AskFirst>
      )}
    </article>
  );
}

const tones: Record<Registration['state'], string> = {
  PENDING: 'badge-thread',
  CONFIRMED: 'badge-good',
  PARTLY_CONFIRMED: 'badge-thread',
  WAITLISTED: 'badge-thread',
  SET_ASIDE: 'badge-wrong',
  CANCELLED: 'badge-plain',
  REJECTED: 'badge-wrong',
};

// Place is told aloud when it moves.
function Place({ registration }: { registration: Registration }) {
  const { t, language } = useTexts();
  const { place, waiting, confirmed } = registration;
  return (
    <div role="status">
      {place !== null && (
        <p>
          <span className="place">{formatNumber(place, language)}</span> {t('registrations.place')}
        </p>
      )}
      {waiting > 0 && confirmed > 0 && <p className="small">{t('registrations.partly', { confirmed, waiting })}</p>}
    </div>
  );
}

// Offer asks whether they come: the places are theirs when they say so in time.
function Offer({ id, until, onChange }: { id: string; until: string; onChange: () => void }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(acceptMutation);
  return (
    <Form
      wrong={wrong}
      onSubmit={() =>
        void run({ id }).then((answer) => {
          if (answer !== null) onChange();
        })
      }
    >
      <p role="status">{t('registrations.offered', { until: formatMoment(until, language) })}</p>
      <Submit busy={busy}>{t('registrations.accept')}</Submit>
    </Form>
  );
}

function Delegates({ registration, onChange }: { registration: Registration; onChange: () => void }) {
  const { t } = useTexts();
  const { delegates, viewerCanReplace } = registration;
  return (
    <ul className="plain-list delegates">
      {delegates.map((delegate) => (
        <li key={delegate.id}>
          {delegate.name ?? t(delegate.named ? 'registrations.nameHidden' : 'registrations.nameLater')}{' '}
          <span className="small soft">
            {t(`delegateRole.${delegate.role}`)} · {t(`delegateState.${delegate.state}`)}
          </span>
          {viewerCanReplace.allowed && delegate.state !== 'CANCELLED' && <Replace id={delegate.id} name={delegate.name} onChange={onChange} />}
        </li>
      ))}
    </ul>
  );
}

// Replace names a delegate, or another one: the seat stays.
export function Replace({ id, name, onChange }: { id: string; name: string | null; onChange: () => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(replaceMutation);
  const [round, setRound] = useState(0);
  return (
    <details key={round}>
      <summary className="small">{name === null ? t('registrations.nameNow') : t('registrations.replace', { name })}</summary>
      <Form
        wrong={wrong}
        onSubmit={(values) =>
          void run({ id, name: values.text('name'), mail: values.optional('mail') }).then((answer) => {
            if (answer === null) return;
            setRound(round + 1);
            onChange();
          })
        }
      >
        <TextField label={t('register.name')} name="name" autoComplete="off" wrong={about('name', wrong)} />
        <TextField
          label={t('forms.optional', { label: t('register.mail') })}
          name="mail"
          type="email"
          autoComplete="off"
          wrong={about('mail', wrong)}
        />
        <Submit busy={busy}>{t('register.save')}</Submit>
      </Form>
    </details>
  );
}
