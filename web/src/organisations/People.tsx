import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
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
  const [leaving, setLeaving] = useState<Appointment | null>(null);
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
        <PeopleTable people={people} administers={administers} onEnd={setLeaving} />
      )}
      {administers && people.length > 0 && (
        <Appoint organisation={organisation} people={people} onAppointed={() => finish('appointed')} />
      )}
      {leaving !== null && (
        <End
          organisation={organisation}
          appointment={leaving}
          onLeave={(changed) => {
            setLeaving(null);
            if (changed) finish('ended');
          }}
        />
      )}
    </section>
  );
}

interface TableProps {
  people: readonly Appointment[];
  administers: boolean;
  onEnd: (appointment: Appointment) => void;
}

function PeopleTable({ people, administers, onEnd }: TableProps) {
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
              {appointment.person !== null && (
                <button
                  type="button"
                  aria-label={t('people.endOf', {
                    name: appointment.person.name ?? t('people.noName'),
                    role: t(`actingRole.${appointment.role}`),
                  })}
                  onClick={() => onEnd(appointment)}
                >
                  {t('people.end')}
                </button>
              )}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface EndProps {
  organisation: string;
  appointment: Appointment;
  onLeave: (changed: boolean) => void;
}

function End({ organisation, appointment: { person, role }, onLeave }: EndProps) {
  const { t } = useTexts();
  const { standing, renew } = useSession();
  const { run, busy, wrong } = useAction(endMutation);
  const own = standing.kind === 'signedIn' && standing.viewer.person.id === person?.id;
  const confirm = async () => {
    if ((await run({ organization: organisation, person: person?.id ?? '', role })) === null) return;
    if (own) renew(); // less is visible from now on
    onLeave(true);
  };
  return (
    <Confirm
      title={t('people.endOf', { name: person?.name ?? t('people.noName'), role: t(`actingRole.${role}`) })}
      action={t('people.end')}
      busy={busy}
      wrong={wrong}
      onConfirm={() => void confirm()}
      onCancel={() => onLeave(false)}
    >
      <p>{t(own ? 'people.endOwn' : 'people.endSure')}</p>
    </Confirm>
  );
}
