import { useState } from 'react';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { cancelMutation, Replace } from '../events/Registered';
import { formatNumber, formatShort } from '../format/when';
import { AskFirst } from '../forms/AskFirst';
import { SelectField, TextField } from '../forms/Field';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { matching, type All, type Registration } from './all';

const approveMutation = graphql(`
  mutation RegistrationApprove($input: RegistrationApproveInput!) {
    registrationApprove(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const rejectMutation = graphql(`
  mutation RegistrationReject($input: RegistrationRejectInput!) {
    registrationReject(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const delegateCancelMutation = graphql(`
  mutation DelegateCancel($input: DelegateCancelInput!) {
    delegateCancel(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const states = ['PENDING', 'CONFIRMED', 'PARTLY_CONFIRMED', 'WAITLISTED', 'SET_ASIDE', 'CANCELLED', 'REJECTED'] as const;

// How many are shown at once.
const most = 50;

// Registrations are all of an event, searched among, each with what its organisers
// can do.
export function Registrations({ all }: { all: All }) {
  const { t, language } = useTexts();
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  const found = matching(all.list, text, state);
  if (all.error !== undefined) return <Failed error={all.error} retry={all.again} />;
  return (
    <>
      <div className="row">
        <TextField label={t('organise.search')} type="search" autoComplete="off" value={text} onChange={({ target }) => setText(target.value)} />
        <SelectField label={t('organise.state')} value={state} onChange={({ target }) => setState(target.value)}>
          <option value="">{t('organise.anyState')}</option>
          {states.map((one) => (
            <option key={one} value={one}>
              {t(`registrationState.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <p role="status" className="small soft">
        {all.done
          ? t('organise.shown', { number: `${formatNumber(Math.min(found.length, most), language)} / ${formatNumber(found.length, language)}` })
          : t('organise.reading', { number: formatNumber(all.list.length, language) })}
      </p>
      {all.done && found.length === 0 && <p className="empty">{t('organise.none')}</p>}
      {found.slice(0, most).map((one) => (
        <One key={one.id} registration={one} again={all.again} />
      ))}
    </>
  );
}

interface OneProps {
  registration: Registration;
  again: () => void;
}

function One({ registration: one, again }: OneProps) {
  const { t, language } = useTexts();
  const name = one.organization?.name ?? one.contact?.name ?? t('registrations.nameHidden');
  return (
    <article className="registration">
      <h3>{name}</h3>
      <p className="small">
        <span className={`badge ${one.state === 'CONFIRMED' ? 'badge-good' : one.state === 'CANCELLED' ? 'badge-plain' : 'badge-thread'}`}>
          {t(`registrationState.${one.state}`)}
        </span>{' '}
        <span className="soft">
          {formatShort(one.createdAt, language)}
          {one.byLink && <> · {t('organise.byLink')}</>}
          {one.contact !== null && <> · {one.contact.mail}</>}
        </span>
      </p>
      {one.mailTrouble !== null && <p className="wrong">{t('organise.mailTrouble', { reason: one.mailTrouble.reason })}</p>}
      <ul className="plain-list attendance">
        {one.delegates.map((delegate) => (
          <li key={delegate.id}>
            <div>
              {delegate.name ?? t(delegate.named ? 'registrations.nameHidden' : 'registrations.nameLater')}{' '}
              <span className="small soft">
                {t(`delegateRole.${delegate.role}`)} · {t(delegate.state === 'ATTENDED' ? 'door.letIn' : `delegateState.${delegate.state}`)}
                {delegate.arrivedAt !== null && <> · {formatShort(delegate.arrivedAt, language)}</>}
              </span>
              {one.viewerCanReplace.allowed && delegate.state !== 'CANCELLED' && <Replace id={delegate.id} name={delegate.name} onChange={again} />}
            </div>
            {one.viewerCanCancel.allowed && one.delegates.length > 1 && delegate.state !== 'CANCELLED' && (
              <Cancel
                title={t('organise.cancelDelegate', { name: delegate.name ?? t('registrations.nameLater') })}
                label={t('organise.cancelSeat')}
                id={delegate.id}
                whole={false}
                again={again}
              />
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        {one.state === 'PENDING' && <Decide id={one.id} name={name} again={again} />}
        {one.viewerCanCancel.allowed && (
          <Cancel title={t('organise.cancelWho', { name })} label={t('organise.cancel')} id={one.id} whole again={again} />
        )}
      </div>
    </article>
  );
}

function Decide({ id, name, again }: { id: string; name: string; again: () => void }) {
  const { t } = useTexts();
  const approve = useAction(approveMutation);
  const reject = useAction(rejectMutation);
  const done = (answer: object | null) => void (answer !== null && again());
  return (
    <>
      <WrongList wrong={[...approve.wrong, ...reject.wrong]} />
      <button type="button" className="button-main" aria-label={t('organise.approveWho', { name })} aria-disabled={approve.busy} onClick={() => void approve.run({ id }).then(done)}>
        {t('organise.approve')}
      </button>
      <button type="button" aria-label={t('organise.rejectWho', { name })} aria-disabled={reject.busy} onClick={() => void reject.run({ id }).then(done)}>
        {t('organise.reject')}
      </button>
    </>
  );
}

interface CancelProps {
  title: string;
  label: string;
  id: string;
  // The registration as a whole, or one delegate.
  whole: boolean;
  again: () => void;
}

function Cancel({ title, label, id, whole, again }: CancelProps) {
  const { t } = useTexts();
  const all = useAction(cancelMutation);
  const one = useAction(delegateCancelMutation);
  return (
    <AskFirst<object>
      label={label}
      title={title}
      action={t('registrations.cancelNow')}
      className={whole ? undefined : 'button-quiet'}
      acting={whole ? all : one}
      run={() => (whole ? all.run({ id }) : one.run({ id }))}
      onDone={again}
    >
      <p>{t('registrations.cancelSure')}</p>
    </AskFirst>
  );
}
