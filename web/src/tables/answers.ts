// What can be answered to the link of a table, and what is sent.
import type { ca } from '../i18n/ca';

export type CallAnswer = keyof typeof ca.callAnswer;
export type DateAnswer = keyof typeof ca.dateAnswer;

export const answers: readonly CallAnswer[] = ['ATTEND', 'SUBSTITUTE', 'EXCUSED'];
export const dateAnswers: readonly DateAnswer[] = ['YES', 'IF_NEEDED', 'NO'];

// What a link is about, as far as it is answered.
export interface Question {
  answer: CallAnswer | null;
  dates: readonly { id: string; answer: DateAnswer | null }[];
}

// What is chosen on the page: for a call one answer, for a poll one for each date.
export interface Chosen {
  call: CallAnswer | null;
  dates: Readonly<Record<string, DateAnswer>>;
}

export function isPoll({ dates }: Question): boolean {
  return dates.length > 0;
}

// begin is what was answered before.
export function begin({ answer, dates }: Question): Chosen {
  const given = dates.flatMap((date): [string, DateAnswer][] => (date.answer === null ? [] : [[date.id, date.answer]]));
  return { call: answer, dates: Object.fromEntries(given) };
}

// answerOf is what is sent: dates in their order, and of those the ones with an
// answer. That nothing at all was chosen, the hub refuses in the reader's words.
export function answerOf(question: Question, { call, dates }: Chosen) {
  if (!isPoll(question)) return { answer: call };
  return {
    dates: question.dates.flatMap(({ id }) => {
      const answer = dates[id];
      return answer === undefined ? [] : [{ date: id, answer }];
    }),
  };
}
