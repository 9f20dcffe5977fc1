import { useState } from 'react';

import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import type { Appointment } from './People';
import { RoleField } from './RoleField';
import { roleOf, rolesOf } from './roles';

const appointMutation = graphql(`
  mutation AppointmentCreate($input: AppointmentCreateInput!) {
    appointmentCreate(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  organisation: string;
  people: readonly Appointment[];
  onAppointed: () => void;
}

// Appoint gives somebody who acts for the organisation already another role, or
// the same one for other dates. Who does not yet is invited.
export function Appoint({ organisation, people, onAppointed }: Props) {
  const { t } = useTexts();
  const [times, setTimes] = useState(0);
  const draft = useDraft(`appoint ${organisation}`);
  const { run, busy, wrong } = useAction(appointMutation);
  const known = [...new Map(people.flatMap(({ person }) => (person === null ? [] : [[person.id, person] as const]))).values()];
  const appoint = async ({ text, optional }: Values) => {
    const answer = await run({
      organization: organisation,
      person: text('person'),
      role: roleOf(text('role')),
      from: optional('from'),
      until: optional('until'),
    });
    if (answer === null) return;
    draft?.drop();
    setTimes((n) => n + 1);
    onAppointed();
  };
  return (
    <details className="panel">
      <summary>{t('people.appoint')}</summary>
      <PrivacyNotice form="PERSON" about={organisation} />
      <Form key={times} draft={draft} wrong={wrong} onSubmit={(values) => void appoint(values)} label={t('people.appoint')}>
        <SelectField label={t('people.name')} name="person" wrong={about('person', wrong)}>
          {known.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? t('people.noName')}
            </option>
          ))}
        </SelectField>
        <RoleField roles={rolesOf('Association')} wrong={about('role', wrong)} />
        <TextField
          label={t('forms.optional', { label: t('people.from') })}
          hint={t('people.fromHint')}
          name="from"
          type="date"
          wrong={about('from', wrong)}
        />
        <TextField label={t('forms.optional', { label: t('people.until') })} name="until" type="date" wrong={about('until', wrong)} />
        <Submit busy={busy}>{t('people.appointNow')}</Submit>
      </Form>
    </details>
  );
}
