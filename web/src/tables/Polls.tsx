import { useState } from 'react';
import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, WrongList } from '../forms/Form';
import { Radios } from '../forms/Radios';
import { Table } from '../forms/Table';
import { useAction } from '../forms/useAction';
import { formatMoment, formatShort, momentOf } from '../format/when';
import { useTexts } from '../i18n';
import { dateAnswers, type DateAnswer } from './answers';

export const pollFragment = graphql(`
  fragment PollShown on TablePoll {
    id
    closesAt
    closedAt
    session {
      id
      number
      title
    }
    dates {
      id
      startsAt
      chosen
      yes
      ifNeeded
      no
    }
  }
`);

const openMutation = graphql(
  `
    mutation TablePollOpen($input: TablePollOpenInput!) {
      tablePollOpen(input: $input) {
        poll {
          id
          ...PollShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [pollFragment],
);

const answerMutation = graphql(
  `
    mutation TablePollAnswer($input: TablePollAnswerInput!) {
      tablePollAnswer(input: $input) {
        poll {
          id
          ...PollShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [pollFragment],
);

const closeMutation = graphql(
  `
    mutation TablePollClose($input: TablePollCloseInput!) {
      tablePollClose(input: $input) {
        poll {
          id
          ...PollShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [pollFragment],
);

type Poll = ResultOf<typeof pollFragment>;

export interface Member {
  id: string;
  name: string;
}

interface Props {
  polls: readonly FragmentOf<typeof pollFragment>[];
  // The member organisations for which the reader may answer.
  members: readonly Member[];
  organises: boolean;
  onChange: () => void;
}

// Polls are the dates that a table is asked about: how many can come when, the
// answer of the reader's own organisation, and the choice.
export function Polls({ polls: given, members, organises, onChange }: Props) {
  const { t } = useTexts();
  const polls = readFragment(pollFragment, given);
  if (polls.length === 0) return null;
  return (
    <section aria-labelledby="polls">
      <h2 id="polls">{t('polls.title')}</h2>
      {polls.map((poll) => (
        <Asked key={poll.id} poll={poll} members={members} organises={organises} onChange={onChange} />
      ))}
    </section>
  );
}

function Asked({ poll, members, organises, onChange }: Omit<Props, 'polls'> & { poll: Poll }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(closeMutation);
  const { session, closesAt, dates } = poll;
  const label = session === null ? t('polls.title') : `${session.number}. ${session.title}`;
  return (
    <div className="standing">
      <p>
        {session !== null && <Link to={`/sessions/${session.id}`}>{label}</Link>}
        {closesAt !== null && <span className="small soft"> · {t('polls.until', { date: formatShort(closesAt, language) })}</span>}
      </p>
      <WrongList wrong={wrong} />
      <Table label={label} columns={[t('polls.date'), t('dateAnswer.YES'), t('dateAnswer.IF_NEEDED'), t('dateAnswer.NO'), ...(organises ? [t('polls.choice')] : [])]}>
        {dates.map(({ id, startsAt, yes, ifNeeded, no }) => (
          <tr key={id}>
            <th scope="row">{formatShort(startsAt, language)}</th>
            <td>{yes}</td>
            <td>{ifNeeded}</td>
            <td>{no}</td>
            {organises && (
              <td>
                <button
                  type="button"
                  aria-disabled={busy}
                  aria-label={t('polls.chooseOf', { date: formatShort(startsAt, language) })}
                  onClick={() => void run({ id: poll.id, date: id }).then((answer) => answer !== null && onChange())}
                >
                  {t('polls.choose')}
                </button>
              </td>
            )}
          </tr>
        ))}
      </Table>
      {members.length > 0 && <Answer poll={poll} members={members} />}
    </div>
  );
}

function Answer({ poll, members }: { poll: Poll; members: readonly Member[] }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(answerMutation);
  const [chosen, choose] = useState<Readonly<Record<string, DateAnswer>>>({});
  const [said, setSaid] = useState(0);
  const send = async (organization: string) => {
    const answers = poll.dates.flatMap(({ id }) => (chosen[id] === undefined ? [] : [{ date: id, answer: chosen[id] }]));
    if ((await run({ id: poll.id, organization, answers })) !== null) setSaid((times) => times + 1);
  };
  return (
    <details>
      <summary>{t('polls.answer')}</summary>
      {said > 0 && <Done key={said}>{t('polls.said')}</Done>}
      <Form wrong={wrong} label={t('polls.answer')} onSubmit={(values) => void send(values.text('organization'))}>
        <SelectField label={t('polls.for')} name="organization" wrong={about('organization', wrong)}>
          {members.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        {poll.dates.map(({ id, startsAt }) => (
          <Radios
            key={id}
            legend={formatMoment(startsAt, language)}
            name={id}
            value={chosen[id] ?? null}
            options={dateAnswers.map((value) => ({ value, label: t(`dateAnswer.${value}`) }))}
            onChange={(answer) => choose({ ...chosen, [id]: answer })}
          />
        ))}
        <Submit busy={busy}>{t('accept.send')}</Submit>
      </Form>
    </details>
  );
}

// OpenPoll asks the members when a session should be, while it is not called.
export function OpenPoll({ session, onOpen }: { session: string; onOpen: () => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(openMutation);
  const [fields, setFields] = useState(3);
  const send = async (dates: string[], closes: string | null) => {
    const asked = dates.map((date) => date.trim()).filter((date) => date !== '');
    const answer = await run({ session, dates: asked.map(momentOf), closesAt: closes === null ? null : momentOf(closes) });
    if (answer !== null) onOpen();
  };
  return (
    <details className="panel">
      <summary>{t('polls.open')}</summary>
      <p className="small soft">{t('polls.openHint')}</p>
      <Form wrong={wrong} label={t('polls.open')} onSubmit={(values) => void send(values.all('date'), values.optional('closes'))}>
        {Array.from({ length: fields }, (_, at) => (
          <TextField key={at} label={t('polls.dateNumber', { number: at + 1 })} name="date" type="datetime-local" wrong={at === 0 ? about('dates', wrong) : undefined} />
        ))}
        {fields < 20 && (
          <p className="actions">
            <button type="button" onClick={() => setFields(fields + 1)}>
              {t('polls.another')}
            </button>
          </p>
        )}
        <TextField label={t('forms.optional', { label: t('polls.closes') })} name="closes" type="datetime-local" wrong={about('closesAt', wrong)} />
        <Submit busy={busy}>{t('polls.ask')}</Submit>
      </Form>
    </details>
  );
}
