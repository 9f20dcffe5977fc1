import { createRequest, makeOperation, type Operation, type OperationResult } from 'urql';
import { describe, expect, test } from 'vitest';
import { filter, makeSubject, map, pipe, publish, tap } from 'wonka';

import { cache } from '../../src/api/cache';
import { graphql } from '../../src/api/graphql';
import { watchingQuery } from '../../src/api/optimistic';

const watchMutation = graphql(`
  mutation WatchTried($input: WatchSetInput!) {
    watchSet(input: $input) {
      watching
      errors {
        message
      }
    }
  }
`);

// A cache before a hub whose answers are given by hand.
function before() {
  const asked = makeSubject<Operation>();
  const answers = makeSubject<OperationResult>();
  const shown: unknown[] = [];
  const reached: Operation[] = [];
  const client = { reexecuteOperation: asked.next } as never;
  const exchange = cache()({
    client,
    forward: (operations) => {
      pipe(operations, tap((operation) => void reached.push(operation)), publish);
      return answers.source;
    },
    dispatchDebug: () => {},
  });
  pipe(
    exchange(asked.source),
    filter(({ operation }) => operation.kind === 'query'),
    map(({ data }) => (data as { watching?: boolean } | undefined)?.watching),
    tap((watching) => void shown.push(watching)),
    publish,
  );
  const answer = (kind: string, data: unknown) => {
    const operation = reached.filter((one) => one.kind === kind).at(-1);
    if (operation === undefined) throw new Error(`no ${kind} came`);
    answers.next({ operation, data, stale: false, hasNext: false } as OperationResult);
  };
  return { ask: asked.next, answer, shown };
}

const context = { url: '/', requestPolicy: 'cache-first' as const, suspense: false };

describe('what is shown before it is answered', () => {
  const pressed = makeOperation('mutation', createRequest(watchMutation, { input: { node: 'ev_1', watching: true } }), context as never);
  const question = makeOperation('query', createRequest(watchingQuery, { node: 'ev_1' }), context as never);

  test('is taken back when the hub refuses', () => {
    const { ask, answer, shown } = before();
    ask(question);
    answer('query', { __typename: 'Query', watching: false });
    ask(pressed);
    expect(shown.at(-1)).toBe(true);
    answer('mutation', { __typename: 'Mutation', watchSet: { __typename: 'WatchSetPayload', watching: null, errors: [{ __typename: 'NotFoundError', message: 'No.' }] } });
    expect(shown.at(-1)).toBe(false);
  });

  test('stays when it worked', () => {
    const { ask, answer, shown } = before();
    ask(question);
    answer('query', { __typename: 'Query', watching: false });
    ask(pressed);
    answer('mutation', { __typename: 'Mutation', watchSet: { __typename: 'WatchSetPayload', watching: true, errors: [] } });
    expect(shown.at(-1)).toBe(true);
  });
});
