import { describe, expect, test } from 'vitest';

import { arrivedBy, cleanCode, hashOf, judge, search, withNotes, type Expected, type Note } from '../../src/checkin/door';

const entry = (change: Partial<Expected>): Expected => ({
  id: 'a',
  codeHash: null,
  name: 'Dídac Mostra',
  organization: 'Associació Inventada',
  role: 'PUBLIC',
  seatPool: 'Places',
  state: 'CONFIRMED',
  arrivedAt: null,
  ...change,
});

const note = (change: Partial<Note>): Note => ({
  event: 'e',
  sequence: 1,
  at: '2030-05-06T08:00:00Z',
  delegate: 'a',
  code: null,
  undo: false,
  outcome: null,
  reason: null,
  arrivedAt: null,
  doubled: null,
  ...change,
});

describe('the door', () => {
  test('knows a code by its hash, however it is typed', async () => {
    expect(cleanCode(' ab-cd 12\n')).toBe('ABCD12');
    expect(await hashOf('ab cd-12')).toBe(await hashOf('ABCD12'));
    expect(await hashOf('ABCD12')).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf('ABCD13')).not.toBe(await hashOf('ABCD12'));
  });

  test('lets in who has a seat, and says of others why not', () => {
    const states = ['CONFIRMED', 'NO_SHOW', 'ATTENDED', 'PENDING', 'WAITLISTED', 'REPLACED', 'CANCELLED', 'REJECTED'] as const;
    expect(states.map((state) => judge(entry({ state })))).toEqual(['in', 'in', 'already', 'noSeat', 'noSeat', 'replaced', 'cancelled', 'cancelled']);
    expect(judge(undefined)).toBe('unknown');
  });

  test('counts what it noted itself, until the hub has refused it', () => {
    const there = (notes: Note[]) => withNotes([entry({})], notes)[0]?.state;
    expect(there([])).toBe('CONFIRMED');
    expect(there([note({})])).toBe('ATTENDED');
    expect(there([note({ outcome: 'REFUSED' })])).toBe('CONFIRMED');
    expect(there([note({}), note({ sequence: 2, undo: true })])).toBe('CONFIRMED');
    expect(withNotes([entry({})], [note({ outcome: 'ARRIVED', arrivedAt: '2030-05-06T08:01:00Z' })])[0]?.arrivedAt).toBe('2030-05-06T08:01:00Z');
    expect(withNotes([entry({ state: 'ATTENDED', arrivedAt: '2030-05-06T07:00:00Z' })], [note({})])[0]?.arrivedAt).toBe('2030-05-06T07:00:00Z');
  });

  test('tells its own arrivals from those of other devices', () => {
    expect(arrivedBy([], 'a')).toBe(false);
    expect(arrivedBy([note({ outcome: 'ARRIVED' })], 'a')).toBe(true);
    expect(arrivedBy([note({ outcome: 'REFUSED' })], 'a')).toBe(false);
    expect(arrivedBy([note({}), note({ sequence: 2, undo: true })], 'a')).toBe(false);
  });

  test('finds by parts of names and organisations, without accents, and not who is gone', () => {
    const list = [entry({}), entry({ id: 'b', name: null }), entry({ id: 'c', state: 'REPLACED' }), entry({ id: 'd', state: 'WAITLISTED' })];
    const found = (text: string) => search(list, text).map(({ id }) => id);
    expect(found('didac')).toEqual(['a', 'd']);
    expect(found('INVENTADA')).toEqual(['a', 'b', 'd']);
    expect(found('mostra assoc')).toEqual(['a', 'd']);
    expect(found('  ')).toEqual([]);
    expect(found('ningú')).toEqual([]);
  });
});
