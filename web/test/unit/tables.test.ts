import { describe, expect, test } from 'vitest';

import { answerOf, begin, isPoll, type Question } from '../../src/tables/answers';

const call: Question = { answer: null, dates: [] };
const poll: Question = {
  answer: null,
  dates: [
    { id: 'first', answer: null },
    { id: 'second', answer: 'IF_NEEDED' },
    { id: 'third', answer: 'NO' },
  ],
};

describe('the answer to a call', () => {
  test('begins with what was answered before, and is nothing without a choice', () => {
    expect(isPoll(call)).toBe(false);
    expect(answerOf(call, begin(call))).toEqual({ answer: null });
    expect(answerOf(call, begin({ ...call, answer: 'SUBSTITUTE' }))).toEqual({ answer: 'SUBSTITUTE' });
  });

  test('carries no dates', () => {
    expect(answerOf(call, { call: 'EXCUSED', dates: { first: 'YES' } })).toEqual({ answer: 'EXCUSED' });
  });
});

describe('the answer to a poll', () => {
  test('says again what was said, in the order of the dates', () => {
    expect(isPoll(poll)).toBe(true);
    expect(answerOf(poll, begin(poll))).toEqual({
      dates: [
        { date: 'second', answer: 'IF_NEEDED' },
        { date: 'third', answer: 'NO' },
      ],
    });
  });

  test('leaves out the dates without an answer, and those that are not asked', () => {
    const chosen = { call: null, dates: { third: 'YES', first: 'NO', gone: 'YES' } } as const;
    expect(answerOf(poll, chosen)).toEqual({
      dates: [
        { date: 'first', answer: 'NO' },
        { date: 'third', answer: 'YES' },
      ],
    });
    expect(answerOf(poll, { call: null, dates: {} })).toEqual({ dates: [] });
  });
});
