import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

const seatMutation = graphql(`
  mutation TableSeatSet($input: TableSeatSetInput!) {
    tableSeatSet(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

const peopleQuery = graphql(`
  query PeopleOf($id: ID!) {
    organization(by: { id: $id }) {
      id
      people(first: 50) {
        person {
          id
          name
        }
      }
    }
  }
`);

// usePeople is who acts for an organisation, as far as the reader may know it.
export function usePeople(organization: string) {
  const [{ data }] = useQuery({ query: peopleQuery, variables: { id: organization } });
  const people = (data?.organization?.people ?? []).flatMap(({ person }) => (person === null ? [] : [person]));
  return people.filter(({ id }, at) => people.findIndex((one) => one.id === id) === at);
}

interface Props {
  table: string;
  organization: string;
  name: string;
  onSet: () => void;
}

const positions = ['DELEGATE', 'SUBSTITUTE'] as const;

// SetSeat says who sits at a table for an organisation: somebody who acts for it,
// or a name with an address, to which the calls are mailed.
export function SetSeat({ table, organization, name, onSet }: Props) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(seatMutation);
  const people = usePeople(organization);
  const send = async (position: string, person: string | null, called: string | null, mail: string | null) => {
    const whom = person === null ? { name: called, mail } : { person };
    const input = { table, organization, position: positions.find((one) => one === position) ?? ('DELEGATE' as const), ...whom };
    if ((await run(input)) !== null) onSet();
  };
  return (
    <Form
      wrong={wrong}
      label={t('tables.seatFor', { name })}
      onSubmit={({ text, optional }) => void send(text('position'), optional('person'), optional('name'), optional('mail'))}
    >
      <SelectField label={t('tables.position')} name="position" wrong={about('position', wrong)}>
        {positions.map((one) => (
          <option key={one} value={one}>
            {t(`seatPosition.${one}`)}
          </option>
        ))}
      </SelectField>
      {people.length > 0 && (
        <SelectField label={t('tables.person')} name="person" defaultValue="" wrong={about('person', wrong)}>
          <option value="">{t('tables.somebodyElse')}</option>
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name ?? t('people.noName')}
            </option>
          ))}
        </SelectField>
      )}
      <TextField label={t('tables.personName')} name="name" autoComplete="off" wrong={about('name', wrong)} />
      <TextField label={t('tables.personMail')} hint={t('tables.mailHint')} name="mail" type="email" autoComplete="off" wrong={about('mail', wrong)} />
      <Submit busy={busy}>{t('tables.seatNow')}</Submit>
    </Form>
  );
}
