import type { Client } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { backoff, finalReason, isStale, isWithdrawn } from '../../src/api/retry';
import type { Change } from '../../src/start/changes';
import { follow, type Status } from '../../src/start/follow';
import { nothingYet, receive } from '../../src/start/seats';

// Seats are shown by a component of their own; here they are looked into.
function change(number: number, confirmed: number): Change {
  const pool = { id: 'p', name: 'General', availability: 'PLACES' as const, capacity: 80, confirmed, waiting: 0 };
  const seatPools = [pool] as unknown as NonNullable<Change['event']>['seatPools'];
  return {
    number,
    cursor: `c${number}`,
    kind: number === 0 ? null : 'SEATS_CHANGED',
    at: null,
    event: { id: 'e', seatPools },
  };
}

// Each connection of the fake client sends its messages and then fails, or ends
// when there is nothing to fail with.
interface Connection {
  messages: Change[];
  failure?: unknown;
}

function clientOf(connections: Connection[], asked: unknown[]): Client {
  const iterate = async function* ({ variables }: { variables: { after: unknown } }) {
    asked.push(variables.after);
    const { messages, failure } = connections.shift() ?? { messages: [] };
    for (const message of messages) yield { data: { eventChanges: message } };
    if (failure !== undefined) throw failure;
  };
  return { iterate, on: (_: string, connected: () => void) => (connected(), () => {}) } as unknown as Client;
}

async function run(connections: Connection[], isSignedIn: (() => Promise<boolean>) | null = null) {
  const asked: unknown[] = [];
  const numbers: number[] = [];
  const statuses: Status[] = [];
  const listener = {
    onChange: ({ number }: Change) => void numbers.push(number),
    onStatus: (status: Status) => void statuses.push(status),
    isSignedIn,
  };
  const following = follow(clientOf(connections, asked), 'e', listener, new AbortController().signal);
  await vi.runAllTimersAsync();
  await following;
  return { asked, numbers, last: statuses.at(-1), kinds: statuses.map(({ kind }) => kind) };
}

const refused = { code: 4403, reason: 'Forbidden' };
const stale = [{ message: 'too old', extensions: { code: 'STALE_CURSOR' } }];

// Waiting between connections takes no time here.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('follow', () => {
  test('ends with the reason when the hub refuses', async () => {
    const got = await run([{ messages: [change(0, 3)], failure: refused }]);
    expect(got).toMatchObject({ asked: [null], numbers: [0], last: { kind: 'ended', reason: '4403 Forbidden' } });
  });

  test('goes on from the last cursor after a lost connection', async () => {
    const lost = { code: 1006, reason: '' };
    const got = await run([
      { messages: [change(0, 3), change(1, 4)], failure: lost },
      { messages: [change(2, 5)], failure: refused },
    ]);
    expect(got.asked).toEqual([null, 'c1']);
    expect(got.numbers).toEqual([0, 1, 2]);
  });

  test('says when it is live, offline and catching up', async () => {
    const lost = { code: 1006, reason: '' };
    const got = await run([
      { messages: [change(0, 3)], failure: lost },
      { messages: [change(1, 4), change(2, 5)], failure: refused },
    ]);
    expect(got.kinds).toEqual(['connecting', 'live', 'offline', 'offline', 'catchingUp', 'catchingUp', 'catchingUp', 'ended']);
  });

  test('begins anew with other rights, and ends when the reader was signed out', async () => {
    const withdrawn = { code: 4403, reason: 'Your rights have changed.' };
    const anew = await run(
      [{ messages: [change(7, 3)], failure: withdrawn }, { messages: [change(90, 9)], failure: [{ message: 'no such event' }] }],
      () => Promise.resolve(true),
    );
    expect(anew).toMatchObject({ asked: [null, null], numbers: [7, 90], last: { kind: 'ended', reason: 'no such event' } });
    const out = await run([{ messages: [change(7, 3)], failure: withdrawn }], () => Promise.resolve(false));
    expect(out.last).toEqual({ kind: 'signedOut' });
    // A hub that refuses again at once is not asked for ever.
    const refusing = await run([{ messages: [], failure: withdrawn }, { messages: [], failure: withdrawn }], () => Promise.resolve(true));
    expect(refusing).toMatchObject({ asked: [null, null], last: { kind: 'ended' } });
  });

  test('starts with the state again when it was away too long', async () => {
    const lost = { code: 1012, reason: 'restart' };
    const got = await run([
      { messages: [change(7, 3)], failure: lost },
      { messages: [], failure: stale },
      { messages: [change(90, 9)], failure: refused },
    ]);
    expect(got.asked).toEqual([null, 'c7', null]);
    expect(got.numbers).toEqual([7, 90]);
  });

  test('a stale cursor is no reason to end, a refused question is', () => {
    expect(isStale(stale)).toBe(true);
    expect(isStale(refused)).toBe(false);
    expect(finalReason([{ message: 'no such event' }])).toBe('no such event');
    expect(finalReason(refused)).toBe('4403 Forbidden');
    expect(finalReason({ code: 4429, reason: '' })).toBeNull();
    expect(finalReason({ code: 4499, reason: 'Terminated' })).toBeNull();
    expect([refused, [{ message: 'x', extensions: { code: 'SIGNED_OUT' } }], stale, new Event('error'), null].map(isWithdrawn)).toEqual([
      true, true, false, false, false,
    ]);
    expect(finalReason(new Event('error'))).toBeNull();
  });

  test('waits longer each time, never more than 45 seconds', () => {
    expect([0, 1, 2, 9, 900].map((tries) => backoff(tries, 0))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
    expect(backoff(9, 1)).toBe(45_000);
  });
});

describe('receive', () => {
  test('shows the newest seats and the newest line first', () => {
    const live = [change(0, 3), change(1, 4)].reduce(receive, nothingYet);
    expect(live.pools).toMatchObject([{ confirmed: 4 }]);
    expect(live.log.map(({ number }) => number)).toEqual([1, 0]);
  });

  test('an event that is no longer visible leaves no seats behind', () => {
    const live = receive(receive(nothingYet, change(0, 3)), { ...change(1, 4), event: null });
    expect(live).toMatchObject({ pools: [], gone: true });
  });

  test('begins the lines anew with a state, whose number may have been there', () => {
    const live = [change(0, 3), change(1, 4), { ...change(1, 4), kind: null }].reduce(receive, nothingYet);
    expect(live.log.map(({ kind }) => kind)).toEqual([null]);
  });

  test('keeps twenty lines', () => {
    const live = Array.from({ length: 50 }, (_, n) => change(n, n)).reduce(receive, nothingYet);
    expect(live.log).toHaveLength(20);
  });
});
