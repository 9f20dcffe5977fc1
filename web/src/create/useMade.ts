import { useNavigate } from 'react-router';
import type { TypedDocumentNode } from 'urql';

import type { Wrong } from '../forms/errors';
import { useAction } from '../forms/useAction';
import type { Draft } from '../forms/useDraft';

interface Options {
  // What was written until now, which is dropped once the thing is made.
  draft?: Draft | undefined;
  // What the page of the thing is told; see Copied.
  state?: object;
}

// useMade makes a thing and leads to its page. addressOf is where that is;
// undefined when none was made.
export function useMade<Data extends Record<string, { errors: readonly Wrong[] }>, Input extends object>(
  document: TypedDocumentNode<Data, { input: Input & { idempotencyKey?: string | null } }>,
  addressOf: (data: Data) => string | undefined,
  { draft, state }: Options = {},
) {
  const navigate = useNavigate();
  const { run, busy, wrong, clear } = useAction(document);
  const make = async (input: Omit<Input, 'idempotencyKey'>) => {
    const data = await run(input);
    const address = data === null ? undefined : addressOf(data);
    if (address === undefined) return;
    draft?.drop();
    await navigate(address, { state });
  };
  return { make, busy, wrong, clear };
}

// pageOf is the address of what was made.
export function pageOf(under: string, made: { id: string } | null): string | undefined {
  return made === null ? undefined : `/${under}/${made.id}`;
}
