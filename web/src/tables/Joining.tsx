import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { SignInHere } from '../app/SignInHere';
import { AskFirst } from '../forms/AskFirst';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextArea } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { formatDate } from '../format/when';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

export const joiningFragment = graphql(`
  fragment TableJoining on WorkingTable {
    id
    state
    joinRequests {
      id
      state
      message
      reason
      askedAt
      organization {
        ... on Node {
          id
        }
        name
      }
    }
    viewerCanAskToJoin {
      allowed
    }
    viewerCanOrganise {
      allowed
    }
  }
`);

const bodiesQuery = graphql(`
  query BodiesToJoin {
    viewer {
      appointments {
        organization {
          id
          name
        }
      }
    }
  }
`);

const askMutation = graphql(
  `
    mutation TableJoinRequestCreate($input: TableJoinRequestCreateInput!) {
      tableJoinRequestCreate(input: $input) {
        table {
          id
          ...TableJoining
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [joiningFragment],
);

const answerMutation = graphql(
  `
    mutation TableJoinRequestDecide($input: TableJoinRequestDecideInput!) {
      tableJoinRequestDecide(input: $input) {
        table {
          id
          ...TableJoining
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [joiningFragment],
);

const withdrawMutation = graphql(
  `
    mutation TableJoinRequestWithdraw($input: TableJoinRequestWithdrawInput!) {
      tableJoinRequestWithdraw(input: $input) {
        table {
          id
          ...TableJoining
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [joiningFragment],
);

type Table = ResultOf<typeof joiningFragment>;
type Request = Table['joinRequests'][number];

interface Props {
  table: Table;
  // The identifiers of the organisations that belong to it.
  members: ReadonlySet<string>;
  onChange: () => void;
}

// Joining is how an organisation comes to a table by asking: its people ask and see
// what became of it, who organises the table answers.
export function Joining({ table, members, onChange }: Props) {
  const { standing } = useSession();
  if (table.state !== 'ACTIVE') return null;
  if (standing.kind === 'anonymous') return <AskAsStranger />;
  if (standing.kind !== 'signedIn') return null;
  return table.viewerCanOrganise.allowed ? (
    <Answers requests={table.joinRequests.filter(({ state }) => state === 'OPEN')} onChange={onChange} />
  ) : (
    <Asking table={table} members={members} onChange={onChange} />
  );
}

function AskAsStranger() {
  const { t } = useTexts();
  return (
    <details className="panel">
      <summary>{t('joining.ask')}</summary>
      <p>{t('joining.signIn')}</p>
      <p className="actions">
        <SignInHere />
      </p>
    </details>
  );
}

function Answers({ requests, onChange }: { requests: readonly Request[]; onChange: () => void }) {
  const { t } = useTexts();
  const [answered, setAnswered] = useState(0);
  if (requests.length === 0 && answered === 0) return null;
  return (
    <section aria-labelledby="joining">
      <h2 id="joining">{t('joining.open')}</h2>
      {answered > 0 && (
        <Done key={answered} focus>
          {t('joining.answered')}
        </Done>
      )}
      <ul className="plain-list">
        {requests.map((request) => (
          <li key={request.id} className="panel">
            <Answer
              request={request}
              onAnswered={() => {
                setAnswered(answered + 1);
                onChange();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

// Answer takes a reason, which is needed to decline: the organisation is told it.
function Answer({ request: { id, organization, message, askedAt }, onAnswered }: { request: Request; onAnswered: () => void }) {
  const { t, language } = useTexts();
  const draft = useDraft(`joining ${id}`);
  const { run, busy, wrong } = useAction(answerMutation);
  const name = organization?.name ?? t('joining.somebody');
  const answer = async (accept: boolean, reason: string) => {
    if ((await run({ id, accept, reason })) === null) return;
    draft?.drop();
    onAnswered();
  };
  return (
    <>
      <p>
        <strong>{name}</strong> <span className="small soft">{formatDate(askedAt, language)}</span>
      </p>
      {message !== '' && <p className="prose">{message}</p>}
      <button type="button" className="button-main" aria-disabled={busy} onClick={() => void answer(true, '')}>
        {t('joining.accept')} <span className="unseen">{name}</span>
      </button>
      <Form draft={draft} wrong={wrong} label={t('joining.declineOf', { name })} onSubmit={({ text }) => void answer(false, text('reason'))}>
        <TextArea label={t('joining.reason')} hint={t('joining.reasonHint')} name="reason" rows={2} maxLength={500} wrong={about('reason', wrong)} />
        <button type="submit" aria-disabled={busy}>
          {t('joining.decline')}
        </button>
      </Form>
    </>
  );
}

function Asking({ table, members, onChange }: Props) {
  const { t } = useTexts();
  const [withdrawn, setWithdrawn] = useState(0);
  const [{ data }] = useQuery({ query: bodiesQuery });
  const all = (data?.viewer?.appointments ?? []).flatMap(({ organization }) => (organization === null ? [] : [organization]));
  const bodies = all.filter(({ id }, at) => !members.has(id) && all.findIndex((one) => one.id === id) === at);
  const newest = bodies.flatMap(({ id }) => table.joinRequests.filter(({ organization }) => organization?.id === id).slice(0, 1));
  const waiting = new Set(newest.filter(({ state }) => state === 'OPEN').map(({ organization }) => organization?.id));
  const free = bodies.filter(({ id }) => !waiting.has(id));
  return (
    <>
      {withdrawn > 0 && (
        <Done key={withdrawn} focus>
          {t('joining.withdrawn')}
        </Done>
      )}
      {newest.map((request) => (
        <Standing
          key={request.id}
          request={request}
          onWithdrawn={() => {
            setWithdrawn(withdrawn + 1);
            onChange();
          }}
        />
      ))}
      {table.viewerCanAskToJoin.allowed && free.length > 0 && <Ask table={table.id} bodies={free} />}
    </>
  );
}

// Standing is what became of a request of an organisation that does not belong to
// the table now. What its own people took back needs no telling.
function Standing({ request: { id, state, reason, organization }, onWithdrawn }: { request: Request; onWithdrawn: () => void }) {
  const { t } = useTexts();
  const name = organization?.name ?? t('joining.somebody');
  if (state === 'ACCEPTED' || state === 'WITHDRAWN') return null;
  return (
    <div className="message">
      <div role="status">
        <p>{t(state === 'OPEN' ? 'joining.waiting' : 'joining.declined', { name })}</p>
        {reason !== '' && <blockquote>{reason}</blockquote>}
      </div>
      {state === 'OPEN' && <Withdraw id={id} name={name} onDone={onWithdrawn} />}
    </div>
  );
}

function Withdraw({ id, name, onDone }: { id: string; name: string; onDone: () => void }) {
  const { t } = useTexts();
  const acting = useAction(withdrawMutation);
  return (
    <AskFirst
      label={t('joining.withdraw')}
      title={t('joining.withdrawOf', { name })}
      action={t('joining.withdraw')}
      acting={acting}
      run={() => acting.run({ id })}
      onDone={onDone}
    >
      <p>{t('joining.withdrawSure')}</p>
    </AskFirst>
  );
}

function Ask({ table, bodies }: { table: string; bodies: { id: string; name: string }[] }) {
  const { t } = useTexts();
  const { actingFor } = useSession();
  const draft = useDraft(`joining.ask ${table}`);
  const { run, busy, wrong } = useAction(askMutation);
  const ask = async (values: Values) => {
    const answer = await run({ table, organization: values.text('organization'), message: values.text('message') });
    if (answer !== null) draft?.drop();
  };
  return (
    <details className="panel">
      <summary>{t('joining.ask')}</summary>
      <Form draft={draft} wrong={wrong} label={t('joining.ask')} onSubmit={(values) => void ask(values)}>
        <SelectField
          label={t('joining.for')}
          name="organization"
          defaultValue={bodies.find(({ id }) => id === actingFor)?.id ?? bodies[0]?.id}
          wrong={about('organization', wrong)}
        >
          {bodies.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={t('forms.optional', { label: t('joining.message') })}
          hint={t('joining.messageHint')}
          name="message"
          rows={3}
          maxLength={500}
          wrong={about('message', wrong)}
        />
        <Submit busy={busy}>{t('joining.send')}</Submit>
      </Form>
    </details>
  );
}
