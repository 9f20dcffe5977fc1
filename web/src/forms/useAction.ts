import { useRef, useState } from 'react';
import { useMutation, type TypedDocumentNode } from 'urql';

import { reasonOf } from '../api/client';
import { useTexts } from '../i18n';
import type { Wrong } from './errors';
import { Keys } from './keys';

// A mutation of the hub: one input, one payload that carries errors.
type Payloads = Record<string, { errors: readonly Wrong[] }>;

export interface Action<Input, Data> {
  // run gives the answer when the change was made, and null when it was not;
  // then `wrong` says why.
  run: (input: Input) => Promise<Data | null>;
  busy: boolean;
  wrong: readonly Wrong[];
  clear: () => void;
}

// useAction runs one change at a time. The same input sent again after a failure
// carries the same key, so that the hub makes one change of it even when only
// the answer was lost.
export function useAction<Data extends Payloads, Input extends object>(
  document: TypedDocumentNode<Data, { input: Input & { idempotencyKey?: string | null } }>,
): Action<Omit<Input, 'idempotencyKey'>, Data> {
  const { t } = useTexts();
  const [, execute] = useMutation(document);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);
  const keys = useRef(new Keys());

  const run = async (input: Omit<Input, 'idempotencyKey'>): Promise<Data | null> => {
    if (busy) return null;
    setBusy(true);
    const idempotencyKey = keys.current.of(input);
    const { data, error } = await execute({ input: { ...(input as Input), idempotencyKey } });
    const found = error === undefined ? errorsOf(data) : [{ message: reasonOf(error) || t('failed'), code: 'FAILED', path: [] }];
    if (error === undefined) keys.current.spend();
    setWrong(found);
    setBusy(false);
    return found.length === 0 && data !== undefined ? data : null;
  };
  return { run, busy, wrong, clear: () => setWrong([]) };
}

function errorsOf(data: Payloads | undefined): readonly Wrong[] {
  return Object.values(data ?? {}).flatMap((payload) => payload.errors ?? []);
}
