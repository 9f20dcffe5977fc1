import { describe, expect, test } from 'vitest';

import { formatDay, formatMoment, formatNumber, formatPartialDate, formatTime, inDays } from '../../src/format/when';

describe('formatMoment', () => {
  // Punctuation differs between versions of the tables of languages.
  test.each([
    ['ca', /^dissabte.* 28 .*novembre.* 2026.* 9:30$/],
    ['es', /^sábado.* 28 .*noviembre.* 2026.* 9:30$/],
    ['en', /^Saturday.* 28 November 2026.* 0?9:30$/],
  ] as const)('%s, winter time of Madrid', (language, want) => {
    expect(formatMoment('2026-11-28T08:30:00Z', language)).toMatch(want);
  });

  test('summer time of Madrid, past midnight', () => {
    expect(formatMoment('2026-06-30T22:05:00Z', 'es')).toContain('1 de julio de 2026');
    expect(formatMoment('2026-06-30T22:05:00Z', 'es')).toContain('0:05');
  });

  test('both sides of the change to summer time', () => {
    expect(formatTime('2026-03-29T00:59:59Z', 'en')).toBe('01:59:59');
    expect(formatTime('2026-03-29T01:00:00Z', 'en')).toBe('03:00:00');
  });
});

describe('formatPartialDate', () => {
  test.each([
    [{ year: null, month: 11, day: 28 }, '28 de novembre'],
    [{ year: null, month: 2, day: 29 }, '29 de febrer'],
    [{ year: 2019, month: 6, day: null }, 'juny del 2019'],
    [{ year: 2019, month: null, day: null }, '2019'],
    [{ year: 2019, month: 6, day: 3 }, '3 de juny del 2019'],
    [{ year: null, month: null, day: 3 }, null],
    [{ year: null, month: null, day: null }, null],
  ])('%j: nothing is invented', (date, want) => {
    expect(formatPartialDate(date, 'ca')).toBe(want);
  });
});

test('numbers are written as the language does', () => {
  expect([formatNumber(12345, 'ca'), formatNumber(12345, 'es'), formatNumber(12345, 'en')]).toEqual(['12.345', '12.345', '12,345']);
});

test('a day of the calendar is that day, wherever it is read', () => {
  expect(formatDay('2026-03-29', 'ca')).toBe('29 de març del 2026');
});

test.each([
  ['2026-11-21T22:30:00Z', 1, '2026-11-22'], // half past eleven at night in Madrid
  ['2026-11-21T23:30:00Z', 1, '2026-11-23'], // past midnight there
  ['2026-12-31T12:00:00Z', 1, '2027-01-01'],
])('from %s, %i day on is %s', (now, days, want) => {
  expect(inDays(days, new Date(now))).toBe(want);
});
