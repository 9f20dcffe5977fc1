import { useState } from 'react';

import { graphql, type ResultOf } from '../api/graphql';
import { Picker, type Found } from '../administration/Picker';
import { AskFirst } from '../forms/AskFirst';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { CheckField } from '../forms/Field';
import { Form, Submit, WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { useMine } from './CallAnswer';
import { SetSeat } from './Seat';

export const membersFragment = graphql(
  `
    fragment TableMembers on WorkingTable {
      id
      members {
        id
        role
        organization {
          ... on Node {
            id
          }
          name
          ...Thing
        }
      }
      seats {
        id
        position
        name
        hasAccount
        organization {
          ... on Node {
            id
          }
        }
      }
    }
  `,
  [thingFragment],
);

const addMutation = graphql(
  `
    mutation TableMemberAdd($input: TableMemberAddInput!) {
      tableMemberAdd(input: $input) {
        table {
          id
          ...TableMembers
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [membersFragment],
);

const endMutation = graphql(
  `
    mutation TableMemberEnd($input: TableMemberEndInput!) {
      tableMemberEnd(input: $input) {
        table {
          id
          ...TableMembers
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [membersFragment],
);

const clearMutation = graphql(
  `
    mutation TableSeatClear($input: TableSeatClearInput!) {
      tableSeatClear(input: $input) {
        table {
          id
          ...TableMembers
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [membersFragment],
);

type Shown = ResultOf<typeof membersFragment>;
type Member = Shown['members'][number];
type Seat = Shown['seats'][number];

interface Props {
  table: Shown;
  organises: boolean;
  onChange: () => void;
}

// Members are the organisations that belong to a table with who sits there for
// them. Who organises the table, and who answers for one of them, changes that.
export function Members({ table, organises, onChange }: Props) {
  const { t } = useTexts();
  const { standing } = useSession();
  const mine = useMine();
  const [done, setDone] = useState<string | null>(null);
  const finish = (text: string) => {
    setDone(text);
    onChange();
  };
  if (table.members.length === 0 && !organises) return null;
  return (
    <section aria-labelledby="members">
      <h2 id="members">{t('tables.members')}</h2>
      {done !== null && <Done focus>{done}</Done>}
      <ul className="members">
        {table.members.map((member) => {
          const acts = organises || (standing.kind === 'signedIn' && member.organization?.id !== undefined && mine.has(member.organization.id));
          return <One key={member.id} table={table} member={member} acts={acts} own={!organises && acts} onDone={finish} />;
        })}
      </ul>
      {organises && <Add table={table.id} onAdded={finish} />}
    </section>
  );
}

interface OneProps {
  table: Shown;
  member: Member;
  acts: boolean;
  // Whether the reader is of this organisation, and would leave.
  own: boolean;
  onDone: (text: string) => void;
}

function One({ table, member: { organization, role }, acts, own, onDone }: OneProps) {
  const { t } = useTexts();
  const [seating, setSeating] = useState(false);
  const seats = table.seats.filter((seat) => seat.organization?.id === organization?.id);
  const { id, name = '' } = organization ?? {};
  return (
    <li>
      <div>
        <ThingLink thing={organization} acting />
        {role === 'OBSERVER' && <span className="small soft"> ({t('tables.observer')})</span>}
        {seats.map((seat) => (
          <SeatLine key={seat.id} table={table.id} body={id ?? ''} seat={seat} acts={acts} onDone={onDone} />
        ))}
      </div>
      {acts && id !== undefined && (
        <div className="member-acts">
          <button type="button" className="button-quiet" aria-expanded={seating} aria-label={t('tables.seatFor', { name })} onClick={() => setSeating(!seating)}>
            {t('tables.seat')}
          </button>
          <End table={table.id} organization={id} name={name} own={own} onDone={onDone} />
        </div>
      )}
      {seating && id !== undefined && (
        <SetSeat
          table={table.id}
          organization={id}
          name={name}
          onSet={() => {
            setSeating(false);
            onDone(t('tables.seated', { name }));
          }}
        />
      )}
    </li>
  );
}

interface EndProps {
  table: string;
  organization: string;
  name: string;
  own: boolean;
  onDone: (text: string) => void;
}

function End({ table, organization, name, own, onDone }: EndProps) {
  const { t } = useTexts();
  const acting = useAction(endMutation);
  return (
    <AskFirst
      label={t(own ? 'tables.leave' : 'tables.end')}
      title={t(own ? 'tables.leaveFor' : 'tables.endOf', { name })}
      action={t(own ? 'tables.leave' : 'tables.end')}
      className="button-quiet"
      acting={acting}
      run={() => acting.run({ table, organization })}
      onDone={() => onDone(t('tables.ended', { name }))}
    >
      <p>{t('tables.endSure')}</p>
    </AskFirst>
  );
}

interface SeatProps {
  table: string;
  body: string;
  seat: Seat;
  acts: boolean;
  onDone: (text: string) => void;
}

function SeatLine({ table, body, seat: { position, name, hasAccount }, acts, onDone }: SeatProps) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(clearMutation);
  const shown = name ?? t('people.noName');
  const clear = async () => {
    if ((await run({ table, organization: body, position })) !== null) onDone(t('tables.seatCleared'));
  };
  return (
    <div className="small soft">
      <WrongList wrong={wrong} />
      {t(`seatPosition.${position}`)}: {shown}
      {!hasAccount && ` (${t('tables.byLink')})`}{' '}
      {acts && (
        <button type="button" className="button-quiet" aria-disabled={busy} aria-label={t('tables.clearSeatOf', { name: shown })} onClick={() => void clear()}>
          {t('tables.clearSeat')}
        </button>
      )}
    </div>
  );
}

function Add({ table, onAdded }: { table: string; onAdded: (text: string) => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(addMutation);
  const [chosen, choose] = useState<Found | null>(null);
  const add = async (observer: boolean) => {
    if ((await run({ table, organization: chosen?.id ?? '', role: observer ? 'OBSERVER' : 'FULL' })) === null) return;
    onAdded(t('tables.added', { name: chosen?.name ?? '' }));
    choose(null);
  };
  return (
    <details className="panel">
      <summary>{t('tables.add')}</summary>
      <Form wrong={wrong} label={t('tables.add')} onSubmit={(values) => void add(values.checked('observer'))}>
        <Picker label={t('tables.newMember')} chosen={chosen} onChoose={choose} />
        <p className="wrong">{about('organization', wrong)}</p>
        <CheckField label={t('tables.asObserver')} name="observer" />
        {chosen !== null && <Submit busy={busy}>{t('tables.addNow')}</Submit>}
      </Form>
    </details>
  );
}
