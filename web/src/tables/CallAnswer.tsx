import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { answers } from './answers';
import { sessionFragment, type SessionShown } from './session';

const answerMutation = graphql(
  `
    mutation TableSessionAnswer($input: TableSessionAnswerInput!) {
      tableSessionAnswer(input: $input) {
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

export const mineQuery = graphql(`
  query ActingFor {
    viewer {
      appointments {
        organization {
          id
        }
      }
    }
  }
`);

// useMine is the organisations that the reader acts for, by their identifiers.
export function useMine(): ReadonlySet<string> {
  const [{ data }] = useQuery({ query: mineQuery });
  return new Set((data?.viewer?.appointments ?? []).flatMap(({ organization }) => (organization === null ? [] : [organization.id])));
}

export interface Called {
  id: string;
  name: string;
}

// CallAnswer is where who is called says who will come, for each member that they
// act for. Who is expected is on the session's list once they have answered.
export function CallAnswer({ session, members }: { session: SessionShown; members: readonly Called[] }) {
  const mine = useMine();
  if (session.state !== 'CALLED') return null;
  const answerOf = (id: string) => session.attendance.find(({ organization }) => organization?.id === id)?.answer ?? null;
  const called = members.filter(({ id }) => mine.has(id)).map((one) => ({ ...one, answer: answerOf(one.id) }));
  return called.map((one) => <ForOne key={one.id} session={session.id} body={one} />);
}

interface Body extends Called {
  answer: SessionShown['attendance'][number]['answer'];
}

// The answer is sent as it is chosen, and may be changed until the session begins.
function ForOne({ session, body: { id, name, answer } }: { session: string; body: Body }) {
  const { t } = useTexts();
  const { run, wrong } = useAction(answerMutation);
  return (
    <section className="standing call-answer" aria-label={t('tables.answerFor', { name })}>
      <WrongList wrong={wrong} />
      <Radios
        legend={t('tables.answerFor', { name })}
        name={`answer ${id}`}
        value={answer}
        options={answers.map((value) => ({ value, label: t(`callAnswer.${value}`) }))}
        onChange={(next) => void run({ id: session, organization: id, answer: next })}
      />
      <p role="status" className="small soft">
        {answer === null ? t('tables.notAnswered') : t('tables.answeredAs', { answer: t(`callAnswer.${answer}`) })}
      </p>
    </section>
  );
}
