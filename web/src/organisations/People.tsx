import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { Done } from '../forms/Done';
import { Table } from '../forms/Table';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { Appoint } from './Appoint';
import { Dates } from './Dates';

export const personFragment = graphql(`
  fragment PersonRow on Appointment {
    role
    from
    until
    person {
      id
      name
    }
  }
`);

const endMutation = graphql(`
  mutation AppointmentEnd($input: AppointmentEndInput!) {
    appointmentEnd(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

export type Appointment = ResultOf<typeof personFragment>;

interface Props {
  organisation: string;
  people: readonly FragmentOf<typeof personFragment>[];
  administers: boolean;
  onChange: () => void;
}

// People are those who act for an organisation; who answers for it appoints them
// and ends that they do.
export function People({ organisation, people: given, administers, onChange }: Props) {
  const { t } = useTexts();
  const people = readFragment(personFragment, given);
  const [done, setDone] = useState<'ended' | 'appointed' | null>(null);
  const finish = (what: 'ended' | 'appointed') => {
    setDone(what);
    onChange();
  };
  return (
    <section aria-labelledby="people">
      <h2 id="people">{t('people.heading')}</h2>
      {done !== null && <Done focus>{t(`people.${done}`)}</Done>}
      {people.length === 0 ? (
        <p>{t('people.none')}</p>
      ) : (
        <PeopleTable organisation={organisation} people={people} administers={administers} onEnded={() => finish('ended')} />
      )}
      {administers && people.length > 0 && (
        <Appoint organisation={organisation} people={people} onAppointed={() => finish('appointed')} />
      )}
    </section>
  );
}

interface TableProps {
  organisation: string;
  people: readonly Appointment[];
  administers: boolean;
  onEnded: () => void;
}

function PeopleTable({ organisation, people, administers, onEnded }: TableProps) {
  const { t } = useTexts();
  const columns = [t('people.name'), t('organisations.role'), t('organisations.dates')];
  return (
    <Table label={t('people.heading')} columns={administers ? [...columns, t('access.action')] : columns}>
      {people.map((appointment) => (
        <tr key={`${appointment.person?.id} ${appointment.role}`}>
          <th scope="row">{appointment.person?.name ?? t('people.noName')}</th>
          <td>{t(`actingRole.${appointment.role}`)}</td>
          <td>
            <Dates from={appointment.from} until={appointment.until} />
          </td>
          {administers && (
            <td>
              {appointment.person !== null && <End organisation={organisation} person={appointment.person} role={appointment.role} onEnded={onEnded} />}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface EndProps {
  organisation: string;
  person: NonNullable<Appointment['person']>;
  role: Appointment['role'];
  onEnded: () => void;
}

function End({ organisation, person, role, onEnded }: EndProps) {
  const { t } = useTexts();
  const { standing, renew } = useSession();
  const acting = useAction(endMutation);
  const own = standing.kind === 'signedIn' && standing.viewer.person.id === person.id;
  return (
    <AskFirst
      label={t('people.end')}
      title={t('people.endOf', { name: person.name ?? t('people.noName'), role: t(`actingRole.${role}`) })}
      action={t('people.end')}
      acting={acting}
      run={() => acting.run({ organization: organisation, person: person.id, role })}
      onDone={() => {
        if (own) renew(); // less is visible from now on
        onEnded();
      }}
    >
      <p>{t(own ? 'people.endOwn' : 'people.endSure')}</p>
    </AskFirst>
  );
}
