import { graphql, type ResultOf } from '../api/graphql';
import { about } from '../forms/errors';
import { SelectField } from '../forms/Field';
import { Form, Submit, WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { usePeople } from './Seat';

export const officersFragment = graphql(`
  fragment TableOfficers on WorkingTable {
    id
    officers {
      personId
      office
      name
    }
  }
`);

const appointMutation = graphql(
  `
    mutation TableOfficerAppoint($input: TableOfficerAppointInput!) {
      tableOfficerAppoint(input: $input) {
        table {
          id
          ...TableOfficers
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [officersFragment],
);

const endMutation = graphql(
  `
    mutation TableOfficerEnd($input: TableOfficerEndInput!) {
      tableOfficerEnd(input: $input) {
        table {
          id
          ...TableOfficers
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [officersFragment],
);

interface Props {
  table: ResultOf<typeof officersFragment>;
  organises: boolean;
  // The body that convenes the table; null when the reader may not see it.
  convenor: string | null;
}

const offices = ['COORDINATOR', 'SECRETARY'] as const;

// Officers are who coordinates a table and who writes its minutes.
export function Officers({ table, organises, convenor }: Props) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(endMutation);
  if (table.officers.length === 0 && !organises) return null;
  return (
    <section aria-labelledby="officers">
      <h2 id="officers">{t('tables.officers')}</h2>
      <WrongList wrong={wrong} />
      {table.officers.length === 0 && <p className="soft">{t('tables.noOfficers')}</p>}
      <ul className="members">
        {table.officers.map(({ personId, office, name }) => (
          <li key={`${personId} ${office}`}>
            <div>
              {name ?? t('people.noName')} <span className="small soft">· {t(`tableOffice.${office}`)}</span>
            </div>
            {organises && (
              <div className="member-acts">
                <button
                  type="button"
                  className="button-quiet"
                  aria-disabled={busy}
                  aria-label={t('tables.endOf', { name: name ?? t('people.noName') })}
                  onClick={() => void run({ table: table.id, person: personId })}
                >
                  {t('tables.end')}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {organises && convenor !== null && <Appoint table={table.id} convenor={convenor} />}
    </section>
  );
}

// Officers are found among the people of the body that convenes the table.
function Appoint({ table, convenor }: { table: string; convenor: string }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(appointMutation);
  const people = usePeople(convenor);
  if (people.length === 0) return null;
  return (
    <details className="panel">
      <summary>{t('tables.appoint')}</summary>
      <Form
        wrong={wrong}
        label={t('tables.appoint')}
        onSubmit={({ text }) => void run({ table, person: text('person'), office: offices.find((one) => one === text('office')) ?? 'COORDINATOR' })}
      >
        <SelectField label={t('tables.person')} name="person" wrong={about('person', wrong)}>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? t('people.noName')}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('tables.office')} name="office" wrong={about('office', wrong)}>
          {offices.map((one) => (
            <option key={one} value={one}>
              {t(`tableOffice.${one}`)}
            </option>
          ))}
        </SelectField>
        <Submit busy={busy}>{t('people.appointNow')}</Submit>
      </Form>
    </details>
  );
}
