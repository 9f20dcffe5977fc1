import { describe, expect, test } from 'vitest';

import { delegatesOf, rowsOf } from '../../src/events/delegates';
import { filterOf } from '../../src/events/filters';
import { daysOf, monthsAway } from '../../src/events/month';
import { momentOf } from '../../src/format/when';

describe('events', () => {
  test('an address that was written by hand asks for no kind that does not exist', () => {
    expect(filterOf({ text: '', kind: 'PARTY', about: '' })).toEqual({ text: null, kinds: null, about: null });
    expect(filterOf({ text: 'a', kind: 'TRAINING', about: 'f' })).toEqual({ text: 'a', kinds: ['TRAINING'], about: 'f' });
  });

  test('a month has its days', () => {
    expect([daysOf('2028-02').length, daysOf('2027-02').length, daysOf('2026-12').at(-1)]).toEqual([29, 28, '2026-12-31']);
    expect([monthsAway('2026-12', 1), monthsAway('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });

  test('what clocks in Madrid show is sent as the moment it is, in summer and in winter', () => {
    expect(momentOf('2026-07-01T09:30')).toBe('2026-07-01T07:30:00.000Z');
    expect(momentOf('2026-12-01T09:30')).toBe('2026-12-01T08:30:00.000Z');
    expect(momentOf('2026-03-29T03:30')).toBe('2026-03-29T01:30:00.000Z'); // the morning the clocks go forward
    expect(momentOf('2026-10-25T03:30')).toBe('2026-10-25T02:30:00.000Z');
  });

  test('a block has as many rows as its draft had', () => {
    const kept = { 'name.0': ['A'], 'role.0': ['PUBLIC'], 'role.1': ['ASSOCIATION'], policy: ['WAIT_TOGETHER'] };
    expect([rowsOf(kept), rowsOf(null)]).toEqual([2, 0]);
    const values = { text: (name: string) => (name === 'role.1' ? 'PUBLIC' : ''), optional: (name: string) => (name === 'name.1' ? 'B' : null) };
    expect(delegatesOf(values, 2)).toEqual([
      { name: null, mail: null, role: 'ASSOCIATION' },
      { name: 'B', mail: null, role: 'PUBLIC' },
    ]);
  });
});
