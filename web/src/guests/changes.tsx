// What can be changed of a registration as a whole by its link.
import { useState } from 'react';

import { graphql } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { Form, Submit, WrongList } from '../forms/Form';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { SignInHere } from '../app/SignInHere';
import { policies, type Policy } from '../events/delegates';
import { formatMoment } from '../format/when';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import type { Changing, LinkedRegistration } from './Linked';

const confirmMutation = graphql(`
  mutation RegistrationLinkConfirm($input: RegistrationConfirmInput!) {
    registrationConfirm(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const offerMutation = graphql(`
  mutation RegistrationLinkOffer($input: RegistrationLinkOfferAcceptInput!) {
    registrationLinkOfferAccept(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const policyMutation = graphql(`
  mutation RegistrationLinkPolicy($input: RegistrationLinkPolicyChooseInput!) {
    registrationLinkPolicyChoose(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const adoptMutation = graphql(`
  mutation RegistrationLinkAdopt($input: RegistrationAdoptInput!) {
    registrationAdopt(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const cancelMutation = graphql(`
  mutation RegistrationLinkCancel($input: RegistrationLinkCancelInput!) {
    registrationLinkCancel(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Answering extends Changing {
  until: string;
}

// ConfirmLink makes seats certain that are only held.
export function ConfirmLink({ token, until, done }: Answering) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(confirmMutation);
  const confirm = async () => {
    if ((await run({ token })) !== null) done('confirmed');
  };
  return (
    <Form wrong={wrong} onSubmit={() => void confirm()} label={t('registrationLink.confirm')}>
      <p>{t('registrationLink.confirmBy', { until: formatMoment(until, language) })}</p>
      <Submit busy={busy}>{t('registrationLink.confirm')}</Submit>
    </Form>
  );
}

// MailsComeBack says that no mails are sent, and takes that they are read again.
export function MailsComeBack({ token, registration, done }: Changing) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(confirmMutation);
  const read = async () => {
    if ((await run({ token })) !== null) done('read');
  };
  return (
    <Form wrong={wrong} onSubmit={() => void read()} label={t('registrationLink.read')}>
      <p className="message message-wrong">{t('registrationLink.comeBack', { mail: registration.mail })}</p>
      <Submit busy={busy}>{t('registrationLink.read')}</Submit>
    </Form>
  );
}

// AcceptOffer says before its deadline that who was promoted comes.
export function AcceptOffer({ token, until, done }: Answering) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(offerMutation);
  const accept = async () => {
    if ((await run({ token })) !== null) done('offer');
  };
  return (
    <Form wrong={wrong} onSubmit={() => void accept()} label={t('registrationLink.acceptOffer')}>
      <p>{t('registrationLink.offer', { until: formatMoment(until, language) })}</p>
      <Submit busy={busy}>{t('registrationLink.acceptOffer')}</Submit>
    </Form>
  );
}

// All or nothing can only be asked for at first, and who has some of the seats
// can no longer wait for them together.
function later({ delegates, waiting }: LinkedRegistration): readonly Policy[] {
  const live = delegates.filter(({ state }) => !gone.includes(state));
  return policies.filter((one) => one === 'TAKE_WHAT_THERE_IS' || (one === 'WAIT_TOGETHER' && waiting === live.length));
}

const gone: readonly LinkedRegistration['delegates'][number]['state'][] = ['CANCELLED', 'REJECTED', 'REPLACED'];

// ChoosePolicy is for who waits, where there is something to choose.
export function ChoosePolicy({ registration, ...changing }: Changing) {
  const options = later(registration);
  if (registration.waiting === 0 || options.every((one) => one === registration.policy)) return null;
  return <Policies {...changing} registration={registration} options={options} />;
}

function Policies({ token, registration, options, done }: Changing & { options: readonly Policy[] }) {
  const { t } = useTexts();
  const [policy, setPolicy] = useState<Policy>(registration.policy);
  const { run, busy, wrong } = useAction(policyMutation);
  const choose = async () => {
    if ((await run({ token, policy })) !== null) done('policy');
  };
  return (
    <Form wrong={wrong} onSubmit={() => void choose()} label={t('register.policy')}>
      <Radios
        legend={t('register.policy')}
        name="policy"
        value={policy}
        options={options.map((value) => ({ value, label: t(`placesPolicy.${value}`) }))}
        onChange={setPolicy}
      />
      <Submit busy={busy}>{t('registrationLink.policy')}</Submit>
    </Form>
  );
}

// Adopt takes it into the account of who is signed in, and tells others how.
export function Adopt({ token, registration, done }: Changing) {
  const { t } = useTexts();
  const { standing } = useSession();
  const { run, busy, wrong } = useAction(adoptMutation);
  if (registration.adopted) return <p className="hint">{t('registrationLink.adopted')}</p>;
  if (standing.kind !== 'signedIn')
    return (
      <div>
        <p className="hint">{t('registrationLink.signIn')}</p>
        <SignInHere />
      </div>
    );
  const adopt = async () => {
    if ((await run({ token })) !== null) done('adopted');
  };
  return (
    <div>
      <WrongList wrong={wrong} />
      <p className="hint">{t('registrationLink.adoptHint')}</p>
      <button type="button" aria-disabled={busy} onClick={() => void adopt()}>
        {t('registrationLink.adopt')}
      </button>
    </div>
  );
}

export function CancelAll({ token, done }: Changing) {
  const { t } = useTexts();
  const acting = useAction(cancelMutation);
  return (
    <div className="actions">
      <AskFirst
        label={t('registrations.cancel')}
        action={t('registrations.cancelNow')}
        acting={acting}
        run={() => acting.run({ token })}
        onDone={() => done('cancelled')}
      >
        <p>{t('registrations.cancelSure')}</p>
      </AskFirst>
    </div>
  );
}
