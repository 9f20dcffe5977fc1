import { useState } from 'react';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import type { Values as Draft } from '../forms/drafts';
import { about, type Wrong } from '../forms/errors';
import { CheckField, SelectField, TextField } from '../forms/Field';
import type { Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { Radios } from '../forms/Radios';
import { useTexts } from '../i18n';
import { delegatesOf, policies, roles, rowsOf, type Policy } from './delegates';

export const blockFragment = graphql(`
  fragment EventBlock on Event {
    id
    requiresApproval
    audiences {
      id
      title
    }
    notice {
      version
      text
    }
  }
`);

type Event = FragmentOf<typeof blockFragment>;
type Block = ReturnType<typeof useBlock>;

// useBlock is how many come, and what happens when there are not enough places;
// both begin as they stand in a draft.
export function useBlock(kept: Draft | null = null) {
  const [count, setCount] = useState(() => Math.max(1, rowsOf(kept)));
  const [policy, setPolicy] = useState<Policy>(() => policies.find((one) => one === kept?.['policy']?.[0]) ?? 'WAIT_TOGETHER');
  return { count, setCount, policy, setPolicy };
}

// blockOf is the part of what is sent that BlockFields ask for.
export function blockOf(given: Event, { count, policy }: Block, values: Values) {
  const { notice } = readFragment(blockFragment, given);
  return {
    delegates: delegatesOf(values, count),
    policy,
    audience: values.optional('audience'),
    noticeAccepted: notice !== null && values.checked('noticeAccepted') ? notice.version : null,
  };
}

interface Props {
  event: Event;
  block: Block;
  wrong: readonly Wrong[];
}

// BlockFields ask who comes, whoever registers them.
export function BlockFields({ event: given, block, wrong }: Props) {
  const { t } = useTexts();
  const event = readFragment(blockFragment, given);
  const { count, policy } = block;
  return (
    <>
      {event.audiences.length > 0 && (
        <SelectField label={t('register.audience')} name="audience" defaultValue="" wrong={about('audience', wrong)}>
          <option value="">{t('register.noAudience')}</option>
          {event.audiences.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
      )}
      <h2>{t('register.who')}</h2>
      <p className="hint">{t('register.whoHint')}</p>
      {Array.from({ length: count }, (_, at) => (
        <Delegate key={at} at={at} />
      ))}
      <div className="actions">
        <button type="button" onClick={() => block.setCount(count + 1)}>
          {t('register.add')}
        </button>
        {count > 1 && (
          <button type="button" onClick={() => block.setCount(count - 1)}>
            {t('register.remove')}
          </button>
        )}
      </div>
      {count > 1 ? (
        <Radios
          legend={t('register.policy')}
          name="policy"
          value={policy}
          options={policies.map((value) => ({ value, label: t(`placesPolicy.${value}`) }))}
          onChange={block.setPolicy}
        />
      ) : (
        <p className="hint">{t('register.alone')}</p>
      )}
      <PrivacyNotice form="REGISTRATION" about={event.id} />
      {event.requiresApproval && <p>{t('events.approval')}</p>}
      {event.notice !== null && (
        <>
          <h2>{t('guest.notice')}</h2>
          <p className="prose">{event.notice.text}</p>
          <CheckField label={t('guest.accept')} name="noticeAccepted" wrong={about('noticeAccepted', wrong)} />
        </>
      )}
    </>
  );
}

function Delegate({ at }: { at: number }) {
  const { t } = useTexts();
  return (
    <fieldset className="delegate">
      <legend>{t('register.person', { number: at + 1 })}</legend>
      <div className="row">
        <TextField label={t('forms.optional', { label: t('register.name') })} name={`name.${at}`} autoComplete="off" />
        <TextField label={t('forms.optional', { label: t('register.mail') })} name={`mail.${at}`} type="email" autoComplete="off" />
        <SelectField label={t('register.role')} name={`role.${at}`} defaultValue="ASSOCIATION">
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`delegateRole.${role}`)}
            </option>
          ))}
        </SelectField>
      </div>
    </fieldset>
  );
}
