import { CombinedError } from 'urql';
import { describe, expect, test } from 'vitest';

import { isRefused } from '../../src/api/client';
import { tokenOf } from '../../src/app/useLinkToken';
import { Keys } from '../../src/forms/keys';
import { next, type Standing } from '../../src/session/standing';
import { clock, deadline, lead, spoken, why, type End } from '../../src/session/time';
import { destination } from '../../src/signin/destination';

const viewer = { person: { id: 'per_1', name: 'Anna' } } as never;
const signedIn: Standing = { kind: 'signedIn', viewer };
const anonymous = (ended: End | null): Standing => ({ kind: 'anonymous', ended });
const refused = new CombinedError({ graphQLErrors: [{ message: 'no', extensions: { code: 'SIGNED_OUT' } }] });
const broken = new CombinedError({ networkError: new Error('no network') });

describe('what is known of who asks', () => {
  test.each([
    ['somebody', { kind: 'unknown' }, { fetching: false, data: { viewer } }, signedIn],
    ['nobody', { kind: 'unknown' }, { fetching: false, data: { viewer: null } }, anonymous(null)],
    ['asked again, no answer yet', signedIn, { fetching: true, data: { viewer: null } }, signedIn],
    ['ended elsewhere', signedIn, { fetching: false, data: { viewer: null } }, anonymous('OTHER')],
    ['ended elsewhere, refused', signedIn, { fetching: false, error: refused }, anonymous('OTHER')],
    ['still ended', anonymous('OTHER'), { fetching: false, data: { viewer: null } }, anonymous('OTHER')],
    ['signed in again', anonymous('OTHER'), { fetching: false, data: { viewer } }, signedIn],
    ['no network while signed in', signedIn, { fetching: false, error: broken }, signedIn],
    ['no network at the start', { kind: 'unknown' }, { fetching: false, error: broken }, { kind: 'failed', error: broken }],
  ] as [string, Standing, Parameters<typeof next>[1], Standing][])('%s', (_, before, answer, want) => {
    expect(next(before, answer, 'OTHER')).toEqual(want);
  });

  test.each(['IDLE', 'AGE'] as const)('the end by time (%s) is told as such, and does not wait for the network', (end) => {
    expect(next(signedIn, { fetching: false, data: { viewer: null } }, end)).toEqual(anonymous(end));
    expect(next(signedIn, { fetching: false, error: broken }, end)).toEqual(anonymous(end));
    expect(next({ kind: 'unknown' }, { fetching: false, data: { viewer: null } }, end)).toEqual(anonymous(null));
    expect(next(signedIn, { fetching: false, data: { viewer } }, end)).toEqual(signedIn);
  });

  test('a refusal is told by its code or by the status', () => {
    expect(isRefused(refused)).toBe(true);
    expect(isRefused(broken)).toBe(false);
    expect(isRefused(new CombinedError({ networkError: new Error('x'), response: { status: 401 } }))).toBe(true);
    expect(isRefused(new CombinedError({ graphQLErrors: [{ message: 'x', extensions: { code: 'DENIED' } }] }))).toBe(false);
  });
});

test.each([
  [null, '/organisations'],
  ['/me', '/me'],
  ['/organisations/asc_0192f', '/organisations/asc_0192f'],
  ['//evil.example', '/organisations'],
  ['https://evil.example/me', '/organisations'],
  ['/\\evil.example', '/organisations'],
  ['/me?x=javascript:', '/organisations'],
])('after signing in with next=%s one goes to %s', (asked, want) => {
  expect(destination(asked)).toBe(want);
});

test.each([
  ['', null],
  ['#', null],
  ['#content', null],
  ['#token=', null],
  ['#token=a-b_c', 'a-b_c'],
])('the token of a link ending in %s is %s', (hash, want) => {
  expect(tokenOf(hash)).toBe(want);
});

test('the same input keeps its key until the hub has answered', () => {
  const keys = new Keys();
  const first = keys.of({ name: 'a' });
  expect(keys.of({ name: 'a' })).toBe(first);
  expect(keys.of({ name: 'b' })).not.toBe(first);
  const second = keys.of({ name: 'a' });
  keys.spend();
  expect(keys.of({ name: 'a' })).not.toBe(second);
});

describe('the time that is left', () => {
  const told = { idleUntil: '2026-11-21T10:30:00Z', latest: '2026-11-21T22:00:00Z', secondsLeft: 1800, idleSeconds: 1800 };

  test('is counted by the reader’s own clock, whatever it says', () => {
    expect(deadline(told, 5000)).toEqual({ endAt: 1_805_000, warnAt: 1_685_000, ends: 'IDLE', minutes: 30 });
    expect(deadline({ ...told, secondsLeft: 100, idleUntil: told.latest }, 0).ends).toBe('AGE');
  });

  test('is warned of two minutes before, or a third of a short session', () => {
    expect([1800, 360, 60].map(lead)).toEqual([120_000, 120_000, 20_000]);
  });

  test('says why a session is over', () => {
    const known = deadline(told, 0);
    expect(why(null, 0)).toBe('OTHER');
    expect(why(known, 1_700_000)).toBe('OTHER');
    expect(why(known, 1_798_000)).toBe('IDLE');
    expect(why(known, 9_999_999)).toBe('IDLE');
  });

  test('is shown, and told at few moments', () => {
    expect([120_000, 61_000, 59_400, 1, 0, -5].map(clock)).toEqual(['2:00', '1:01', '1:00', '0:01', '0:00', '0:00']);
    expect([120_000, 61_000, 60_000, 31_000, 30_000, 9000, 0].map(spoken)).toEqual([null, null, 60, 60, 30, 10, 10]);
  });
});
