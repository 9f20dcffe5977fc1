import { CombinedError } from 'urql';
import { describe, expect, test } from 'vitest';

import { isRefused } from '../../src/api/client';
import { tokenOf } from '../../src/app/useLinkToken';
import { Keys } from '../../src/forms/keys';
import { next, type Standing } from '../../src/session/standing';
import { destination } from '../../src/signin/destination';

const viewer = { person: { id: 'per_1', name: 'Anna' } } as never;
const signedIn: Standing = { kind: 'signedIn', viewer };
const anonymous = (ended: boolean): Standing => ({ kind: 'anonymous', ended });
const refused = new CombinedError({ graphQLErrors: [{ message: 'no', extensions: { code: 'SIGNED_OUT' } }] });
const broken = new CombinedError({ networkError: new Error('no network') });

describe('what is known of who asks', () => {
  test.each([
    ['somebody', { kind: 'unknown' }, { fetching: false, data: { viewer } }, signedIn],
    ['nobody', { kind: 'unknown' }, { fetching: false, data: { viewer: null } }, anonymous(false)],
    ['asked again, no answer yet', signedIn, { fetching: true, data: { viewer: null } }, signedIn],
    ['ended elsewhere', signedIn, { fetching: false, data: { viewer: null } }, anonymous(true)],
    ['ended elsewhere, refused', signedIn, { fetching: false, error: refused }, anonymous(true)],
    ['still ended', anonymous(true), { fetching: false, data: { viewer: null } }, anonymous(true)],
    ['signed in again', anonymous(true), { fetching: false, data: { viewer } }, signedIn],
    ['no network while signed in', signedIn, { fetching: false, error: broken }, signedIn],
    ['no network at the start', { kind: 'unknown' }, { fetching: false, error: broken }, { kind: 'failed', error: broken }],
  ] as [string, Standing, Parameters<typeof next>[1], Standing][])('%s', (_, before, answer, want) => {
    expect(next(before, answer)).toEqual(want);
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
