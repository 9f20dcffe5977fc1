import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Standing } from '../../src/api/live';
import { backoff, finalReason, pause } from '../../src/api/retry';
import { nothingYet, receive, type Change } from '../../src/events/changes';

function change(number: number): Change {
  return { number, cursor: `c${number}`, kind: number === 0 ? null : 'SEATS_CHANGED', at: null, event: {} as Change['event'] };
}

const lost = { code: 1006, reason: '' };
const refused = { code: 4403, reason: 'Forbidden' };

// Waiting takes no time here.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

// told is all that a standing says while something is done with it.
function told(act: (standing: Standing) => void): string[] {
  const standing = new Standing();
  const kinds: string[] = [];
  standing.listen(() => {
    const now = standing.get();
    kinds.push(now.kind === 'catchingUp' ? `${now.kind} ${now.changes}` : now.kind);
  });
  act(standing);
  return kinds;
}

describe('how the connection stands', () => {
  test('connecting, live, and idle when nothing is followed any more', () => {
    const kinds = told((standing) => {
      standing.opening(false);
      standing.opened(false);
      standing.received();
      standing.closed({ code: 1000, reason: 'Normal Closure' });
    });
    expect(kinds).toEqual(['connecting', 'live', 'idle']);
  });

  test('offline, then catching up with so many changes, then live', () => {
    const kinds = told((standing) => {
      standing.opened(false);
      standing.closed(lost);
      standing.opening(true);
      standing.opened(true);
      standing.received();
      standing.received();
      vi.advanceTimersByTime(1000);
      standing.received();
    });
    expect(kinds).toEqual(['live', 'offline', 'catchingUp 0', 'catchingUp 1', 'catchingUp 2', 'live']);
  });

  test('ended when the hub says that trying again is no use', () => {
    const standing = new Standing();
    standing.closed(refused);
    expect(standing.get()).toEqual({ kind: 'ended', reason: '4403 Forbidden' });
  });
});

describe('coming back', () => {
  test('a refused question is a reason to end, a lost connection is none', () => {
    expect(finalReason([{ message: 'no such event' }])).toBe('no such event');
    expect(finalReason(refused)).toBe('4403 Forbidden');
    expect(finalReason({ code: 4429, reason: '' })).toBeNull();
    expect(finalReason({ code: 4499, reason: 'Terminated' })).toBeNull();
    expect(finalReason(Object.assign(new Error('Terminated'), { code: 4499, reason: 'Terminated' }))).toBeNull();
    expect(finalReason(new Event('error'))).toBeNull();
    expect(finalReason(new Error('it cannot be sent'))).toBe('it cannot be sent');
  });

  test('waits longer each time, never more than 45 seconds', () => {
    expect([0, 1, 2, 9, 900].map((tries) => backoff(tries, 0))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
    expect(backoff(9, 1)).toBe(45_000);
  });

  test('a pause can be ended', async () => {
    const stop = new AbortController();
    const waiting = pause(1_000_000, stop.signal);
    stop.abort();
    await waiting;
  });
});

describe('receive', () => {
  test('shows the newest line first', () => {
    expect([change(0), change(1)].reduce(receive, nothingYet).log.map(({ number }) => number)).toEqual([1, 0]);
  });

  test('an event that is no longer visible has gone', () => {
    expect(receive(receive(nothingYet, change(0)), { ...change(1), event: null })).toMatchObject({ gone: true });
  });

  test('begins the lines anew with a state, whose number may have been there', () => {
    const live = [change(0), change(1), { ...change(1), kind: null }].reduce(receive, nothingYet);
    expect(live.log.map(({ kind }) => kind)).toEqual([null]);
  });

  test('keeps twenty lines', () => {
    const live = Array.from({ length: 50 }, (_, n) => change(n)).reduce(receive, nothingYet);
    expect(live.log).toHaveLength(20);
  });
});
