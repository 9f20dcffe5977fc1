import { useMemo } from 'react';

import { useSession } from '../session/Session';
import { dropDraft, fill, keepDraft, readDraft, valuesOf, type Values } from './drafts';

export interface Draft {
  // restore puts back what was written before, and tells whether there was any.
  restore: (form: HTMLFormElement) => boolean;
  // peek looks what there is, for a form that has as many fields as were written.
  peek: () => Values | null;
  save: (form: HTMLFormElement) => void;
  // drop forgets it: it was sent, or is not wanted.
  drop: () => void;
}

// useDraft keeps what the reader writes into a form until it is sent. The name
// says which form, and about what; null is a form that keeps nothing, as do all
// while nobody is signed in.
//
// Texts about somebody's health or needs are not kept: see accept/Answer.
export function useDraft(name: string | null): Draft | undefined {
  const { standing } = useSession();
  const person = standing.kind === 'signedIn' ? standing.viewer.person.id : null;
  return useMemo(() => {
    if (person === null || name === null) return undefined;
    return {
      restore: (form) => {
        const values = readDraft(person, name);
        return values !== null && fill(form, values);
      },
      peek: () => readDraft(person, name),
      save: (form) => keepDraft(person, name, valuesOf(form)),
      drop: () => dropDraft(person, name),
    };
  }, [person, name]);
}
