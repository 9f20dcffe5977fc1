import { useState } from 'react';

import { graphql } from '../api/graphql';
import { QRCode } from '../checkin/QRCode';
import { AskFirst } from '../forms/AskFirst';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import type { Changing, LinkedRegistration } from './Linked';

const replaceMutation = graphql(`
  mutation RegistrationLinkReplace($input: RegistrationLinkDelegateReplaceInput!) {
    registrationLinkDelegateReplace(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const cancelMutation = graphql(`
  mutation RegistrationLinkDelegateCancel($input: RegistrationLinkDelegateCancelInput!) {
    registrationLinkDelegateCancel(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Delegate = LinkedRegistration['delegates'][number];

const changeable: readonly Delegate['state'][] = ['PENDING', 'CONFIRMED', 'WAITLISTED'];

// Places are who comes, each with what can be changed: the name, or that they
// do not come after all.
export function Places({ open, ...changing }: Changing & { open: boolean }) {
  const { t } = useTexts();
  const { delegates, eventId } = changing.registration;
  return (
    <section aria-labelledby="who">
      <h2 id="who">{t('register.who')}</h2>
      {open && <PrivacyNotice form="REGISTRATION" about={eventId} />}
      <ol className="plain-list delegates">
        {delegates.map((delegate, at) => (
          <li key={delegate.id}>
            {delegate.name || t('registrations.nameLater')}{' '}
            <span className="small soft">
              {t(`delegateRole.${delegate.role}`)} · {t(`delegateState.${delegate.state}`)}
            </span>
            {delegate.checkInCode !== null && (
              <>
                <p className="small">{t('registrationLink.code', { code: delegate.checkInCode })}</p>
                <QRCode text={delegate.checkInCode} label={t('organise.qr', { name: delegate.name || t('registrations.nameLater') })} />
              </>
            )}
            {open && changeable.includes(delegate.state) && (
              <>
                <Name {...changing} delegate={delegate} number={at + 1} />
                <Cancel {...changing} delegate={delegate} number={at + 1} />
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface OneProps extends Changing {
  delegate: Delegate;
  number: number;
}

// Name says who comes, or who else: the seat and the place in the line stay.
function Name({ token, done, delegate, number }: OneProps) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(replaceMutation);
  const [round, setRound] = useState(0);
  const name = async ({ text, optional }: Values) => {
    if ((await run({ token, delegate: delegate.id, name: text('name'), mail: optional('mail') })) === null) return;
    setRound(round + 1);
    done('named');
  };
  return (
    <details key={round}>
      <summary className="small">
        {delegate.name === '' ? `${t('registrations.nameNow')} (${t('registrationLink.nobody', { number })})` : t('registrations.replace', { name: delegate.name })}
      </summary>
      <Form wrong={wrong} onSubmit={(values) => void name(values)}>
        <TextField label={t('register.name')} name="name" autoComplete="off" maxLength={200} wrong={about('name', wrong)} />
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

function Cancel({ token, done, delegate, number }: OneProps) {
  const { t } = useTexts();
  const acting = useAction(cancelMutation);
  return (
    <AskFirst
      label={t('registrationLink.cancelOne', { name: delegate.name || t('registrationLink.nobody', { number }) })}
      action={t('registrations.cancelNow')}
      acting={acting}
      run={() => acting.run({ token, delegate: delegate.id })}
      onDone={() => done('cancelledOne')}
    >
      <p>{t('registrationLink.cancelOneSure')}</p>
    </AskFirst>
  );
}
