import { useState } from 'react';

import { graphql } from '../api/graphql';
import { roles } from '../events/delegates';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import type { Door } from './useDoor';

const walkInMutation = graphql(`
  mutation DoorWalkIn($input: EventWalkInAddInput!) {
    eventWalkInAdd(input: $input) {
      delegate {
        id
        name
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// WalkIn registers who came without being registered. Whether there is a seat only
// the hub knows, so it needs a network.
export function WalkIn({ event, door }: { event: string; door: Door }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(walkInMutation);
  const [added, setAdded] = useState<{ name: string; round: number }>({ name: '', round: 0 });
  const [open, setOpen] = useState(false);
  const add = async (values: Values) => {
    const name = values.text('name');
    const role = roles.find((one) => one === values.text('role')) ?? 'ASSOCIATION';
    if ((await run({ event, delegate: { name, role } })) === null) return;
    setAdded({ name, round: added.round + 1 });
    door.refresh();
  };
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('door.walkIn')}</summary>
      {open && (
        <>
          {door.reached === false && <p className="message">{t('door.walkInNeeds')}</p>}
          {added.round > 0 && (
            <Done key={added.round} focus>
              {t('door.walkedIn', { name: added.name })}
            </Done>
          )}
          <PrivacyNotice form="REGISTRATION" about={event} />
          <Form key={`form ${added.round}`} wrong={wrong} label={t('door.walkIn')} onSubmit={(values) => void add(values)}>
            <TextField label={t('register.name')} name="name" autoComplete="off" wrong={about('delegate', wrong)} />
            <SelectField label={t('register.role')} name="role" defaultValue="ASSOCIATION">
              {roles.map((role) => (
                <option key={role} value={role}>
                  {t(`delegateRole.${role}`)}
                </option>
              ))}
            </SelectField>
            <Submit busy={busy}>{t('door.walkInAdd')}</Submit>
          </Form>
        </>
      )}
    </details>
  );
}
