import { useState } from 'react';

import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { formatDay } from '../format/when';
import { written } from '../format/written';
import { useTexts } from '../i18n';
import { ApproveMinutes } from './ApproveMinutes';
import { sessionFragment, type SessionShown } from './session';

const addMutation = graphql(
  `
    mutation AgendaItemAdd($input: AgendaItemAddInput!) {
      agendaItemAdd(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

const closeMutation = graphql(
  `
    mutation AgendaItemClose($input: AgendaItemCloseInput!) {
      agendaItemClose(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

const openMutation = graphql(
  `
    mutation AgendaItemOpen($input: AgendaItemOpenInput!) {
      agendaItemOpen(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

const adoptMutation = graphql(
  `
    mutation TableResolutionAdopt($input: TableResolutionAdoptInput!) {
      tableResolutionAdopt(input: $input) {
        resolution {
          id
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
);

type Item = SessionShown['agenda'][number];

interface Props {
  session: SessionShown;
  organises: boolean;
}

// Agenda is the points, and what came of each.
export function Agenda({ session, organises }: Props) {
  const { t } = useTexts();
  const { agenda, state, resolutions } = session;
  return (
    <section aria-labelledby="agenda">
      <h2 id="agenda">{t('tableAnswer.agenda')}</h2>
      {agenda.length === 0 && <p className="soft">{t('tables.noAgenda')}</p>}
      <ol className="agenda">
        {agenda.map((item) => (
          <li key={item.id}>
            <Point item={item} session={session} organises={organises} />
          </li>
        ))}
      </ol>
      {organises && ['PROPOSED', 'CALLED', 'IN_SESSION'].includes(state) && <Add session={session} />}
      {resolutions.length > 0 && (
        <>
          <h2>{t('tables.adopted')}</h2>
          <Adopted session={session} />
        </>
      )}
    </section>
  );
}

function Point({ item, session, organises }: Props & { item: Item }) {
  const { t } = useTexts();
  const open = useAction(openMutation);
  const [closing, setClosing] = useState(false);
  const { id, title, description, late, carried, outcome, note, closedAt } = item;
  const acts = organises && session.state === 'IN_SESSION' && closedAt === null;
  return (
    <>
      <h3>
        {title} {outcome !== null && <span className="badge badge-good">{t(`agendaOutcome.${outcome}`)}</span>}{' '}
        {late && <span className="badge badge-thread">{t('tables.lateItem')}</span>} {carried && <span className="badge badge-plain">{t('tables.carried')}</span>}
      </h3>
      {description !== null && <p>{description}</p>}
      {note !== null && <p className="soft">{note}</p>}
      <ApproveMinutes item={item} session={session} organises={organises} />
      {acts && !closing && (
        <button
          type="button"
          aria-label={t('tables.treatOf', { title })}
          onClick={() => void open.run({ id }).then(() => setClosing(true))}
        >
          {t('tables.treat')}
        </button>
      )}
      {acts && closing && <Close item={item} session={session} />}
    </>
  );
}

const outcomes = ['INFORMATION', 'DECISION', 'TASK'] as const;

// Close says what came of a point. A decision or a task is adopted first; the point
// stays open when it is not.
function Close({ item, session }: { item: Item; session: SessionShown }) {
  const { t, language } = useTexts();
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('INFORMATION');
  const adopt = useAction(adoptMutation);
  const close = useAction(closeMutation);
  const draft = useDraft(`agenda.${item.id}`);
  const members = session.attendance.flatMap(({ organization }) => (organization?.id === undefined ? [] : [{ id: organization.id, name: organization.name }]));
  const send = async (values: Values) => {
    if (outcome !== 'INFORMATION') {
      const adopted = await adopt.run({
        item: item.id,
        kind: outcome,
        text: written(values.text('text'), language),
        responsible: values.optional('responsible'),
        deadline: values.optional('deadline'),
      });
      if (adopted === null) return;
    }
    const note = values.optional('note');
    if ((await close.run({ id: item.id, outcome, note: note === null ? null : written(note, language) })) !== null) draft?.drop();
  };
  const wrong = [...adopt.wrong, ...close.wrong];
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={item.title}>
      <SelectField
        label={t('tables.outcome')}
        name="outcome"
        value={outcome}
        onChange={(event) => setOutcome(outcomes.find((one) => one === event.target.value) ?? 'INFORMATION')}
      >
        {outcomes.map((one) => (
          <option key={one} value={one}>
            {t(`agendaOutcome.${one}`)}
          </option>
        ))}
      </SelectField>
      {outcome !== 'INFORMATION' && (
        <>
          <TextArea label={t('tables.text')} name="text" rows={3} wrong={about('text', wrong)} />
          <div className="row">
            <SelectField label={t('promised.who')} name="responsible" defaultValue="" wrong={about('responsible', wrong)}>
              <option value="">{t('tables.nobody')}</option>
              {members.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField label={t('promised.until')} name="deadline" type="date" wrong={about('deadline', wrong)} />
          </div>
        </>
      )}
      <TextArea label={t('forms.optional', { label: t('tables.note') })} name="note" rows={2} />
      <Submit busy={adopt.busy || close.busy}>{t('tables.closeItem')}</Submit>
    </Form>
  );
}

function Add({ session }: { session: SessionShown }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(addMutation);
  return (
    <Form
      wrong={wrong}
      key={session.agenda.length}
      onSubmit={(values) => void run({ session: session.id, title: written(values.text('title'), language) })}
      label={t('tables.addItem')}
    >
      <TextField label={t('tables.newItem')} name="title" wrong={about('title', wrong)} />
      <Submit busy={busy}>{t('tables.addItem')}</Submit>
    </Form>
  );
}

function Adopted({ session }: { session: SessionShown }) {
  const { t, language } = useTexts();
  return (
    <ul className="rows">
      {session.resolutions.map(({ id, text, kind, state, responsible, deadline }) => (
        <li key={id}>
          {text}
          <br />
          <span className="small soft">
            {[
              t(`resolutionKind.${kind}`),
              t(`resolutionState.${state}`),
              responsible?.name,
              deadline === null ? null : formatDay(deadline, language),
            ]
              .filter((part) => part !== null && part !== undefined)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
