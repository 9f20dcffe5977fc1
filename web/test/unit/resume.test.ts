import { describe, expect, test, vi } from 'vitest';

import { isStale, newer, pace, positionVariable, resuming, retryAfter } from '../../resume/resume.js';

interface Sink {
  next(result: object): void;
  error(problem: unknown): void;
  complete(): void;
}

interface Request {
  query: string;
  variables?: Record<string, unknown>;
}

// A client as graphql-ws and graphql-sse are: it keeps the request it was given
// and sends it again whenever it connects again.
function clientOf() {
  const sent: unknown[] = [];
  const open: { request: Request; sink: Sink }[] = [];
  const client = {
    subscribe(request: Request, sink: Sink) {
      open.push({ request, sink });
      sent.push(structuredClone(request.variables));
      return () => void sent.push('stopped');
    },
    reconnect: () => void sent.push(structuredClone(open.at(-1)?.request.variables)),
    say: (number: number) => open.at(-1)?.sink.next({ data: { eventChanges: { number, cursor: `c${number}` } } }),
    sink: () => open.at(-1)!.sink,
    dispose: () => void sent.push('disposed'),
  };
  return { client, sent };
}

const query = 'subscription F($id: ID!, $from: String) { it: eventChanges(id: $id, after: $from) { number cursor } }';
const stale = [{ message: 'too old', extensions: { code: 'STALE_CURSOR' } }];

function followed(request: Request = { query, variables: { id: 'e' } }) {
  const { client, sent } = clientOf();
  const got: unknown[] = [];
  const sink = {
    next: (result: object) => void got.push(result),
    error: (problem: unknown) => void got.push({ problem }),
    complete: () => void got.push('complete'),
  };
  const resumes = resuming(client);
  const stop = resumes.subscribe(request, sink);
  return { client, sent, got, stop, resumes };
}

describe('resuming', () => {
  test('sends the last cursor when the client connects again', () => {
    const { client, sent, got, stop } = followed();
    client.reconnect();
    client.say(7);
    client.say(8);
    client.reconnect();
    client.sink().complete();
    stop();
    expect(sent).toEqual([{ id: 'e' }, { id: 'e' }, { id: 'e', from: 'c8' }, 'stopped']);
    expect(got).toHaveLength(3);
    expect(got.at(-1)).toBe('complete');
  });

  test('leaves what it was given as it was', () => {
    const variables = { id: 'e', from: 'c1' };
    const { client, sent } = followed({ query, variables });
    client.say(2);
    client.reconnect();
    expect(variables).toEqual({ id: 'e', from: 'c1' });
    expect(sent).toEqual([
      { id: 'e', from: 'c1' },
      { id: 'e', from: 'c2' },
    ]);
  });

  test('begins with the state when what was missed is gone, over sockets', () => {
    const { client, sent, got } = followed();
    client.say(7);
    client.sink().error(stale);
    client.say(90);
    expect(sent).toEqual([{ id: 'e' }, { id: 'e', from: null }]);
    expect(got).toHaveLength(2);
  });

  test('and over events, where an error is an answer', () => {
    const { client, sent, got } = followed();
    client.say(7);
    client.sink().next({ errors: stale });
    client.sink().complete();
    client.say(90);
    client.sink().complete();
    expect(sent).toEqual([{ id: 'e' }, { id: 'e', from: null }]);
    expect(got).toHaveLength(3);
    expect(got.at(-1)).toBe('complete');
  });

  test('a cursor that was stale from the start is told when there is nothing to forget', () => {
    const { client, got } = followed();
    client.sink().error(stale);
    expect(got).toEqual([{ problem: stale }]);
  });

  test('nothing begins again after the end', () => {
    const { client, sent, stop } = followed();
    client.say(7);
    stop();
    client.sink().error(stale);
    expect(sent).toEqual([{ id: 'e' }, 'stopped']);
  });

  test('passes on what cannot resume, and all else of the client', () => {
    const request = { query: '{ viewer { id } }', variables: { after: 'x' } };
    const { client, sent, resumes } = followed(request);
    client.say(7);
    client.reconnect();
    resumes.dispose();
    expect(sent).toEqual([{ after: 'x' }, { after: 'x' }, 'disposed']);
  });

  test('iterates', async () => {
    const { client } = clientOf();
    const messages = (resuming(client) as unknown as { iterate(r: Request): AsyncGenerator }).iterate({ query });
    const first = messages.next();
    client.say(1);
    client.say(2);
    client.sink().error('broken');
    expect((await first).value).toEqual({ data: { eventChanges: { number: 1, cursor: 'c1' } } });
    expect((await messages.next()).value).toEqual({ data: { eventChanges: { number: 2, cursor: 'c2' } } });
    await expect(messages.next()).rejects.toBe('broken');
  });
});

test('the variable of the position is that of the root field', () => {
  expect(positionVariable(query)).toBe('from');
  expect(positionVariable('subscription { a(after: $after, id: 1) { b(after: $no) } }')).toBe('after');
  expect(positionVariable('subscription($after: String) { a(id: 1) { b(after: $after) { c } } }')).toBeNull();
  expect(positionVariable('subscription { a(hereafter: $x) { b } }')).toBeNull();
  expect(positionVariable('query { a(after: $x) { b } }')).toBeNull();
  expect(positionVariable(undefined)).toBeNull();
});

test('each number is new once; a state begins anew', () => {
  const isNew = newer();
  const numbers = [
    { number: 4, kind: null },
    { number: 5, kind: 'A' },
    { number: 4, kind: 'A' },
    { number: 5, kind: 'A' },
    { number: 6, kind: 'A' },
    { number: 2, kind: null }, // of a database that was restored
    { number: 3, kind: 'A' },
  ];
  expect(numbers.filter(isNew).map(({ number }) => number)).toEqual([4, 5, 6, 2, 3]);
});

test('comes back when the hub asked for it, once', async () => {
  vi.useFakeTimers();
  try {
    const { closed, retryWait } = pace();
    closed({ code: 1012, reason: '{"retryAfterMs":1730}' });
    let back = 0;
    void retryWait(0).then(() => back++);
    await vi.advanceTimersByTimeAsync(1729);
    expect(back).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(back).toBe(1);
    void retryWait(0).then(() => back++);
    await vi.advanceTimersByTimeAsync(499);
    expect(back).toBe(1);
    await vi.advanceTimersByTimeAsync(1001);
    expect(back).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('what a reason says, and what it does not', () => {
  expect(retryAfter('{"retryAfterMs":0}')).toBe(0);
  expect(retryAfter('{"retryAfterMs":9999999}')).toBe(30_000);
  for (const reason of ['', 'Service restart', 'null', '{}', '{"retryAfterMs":-1}', '{"retryAfterMs":"soon"}']) expect(retryAfter(reason)).toBeNull();
  expect(isStale('STALE_CURSOR')).toBe(false);
});
