// Asking again when something was told to have changed.
import { useRef } from 'react';
import { useSubscription, type AnyVariables, type TypedDocumentNode } from 'urql';

interface Message {
  kind: string | null;
}

// useChanges follows one thing and calls back after each change of it; a message
// without a kind is the state, which is what the page has asked for anyway. What a
// message selects goes into the cache by itself.
export function useChanges<Data extends Record<string, Message>, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onChange: () => void = () => {},
) {
  const told = useRef(onChange);
  told.current = onChange;
  const [{ error }] = useSubscription<Data, Data, Variables>({ query, variables }, (_, data) => {
    if (Object.values(data).some(({ kind }) => kind !== null)) queueMicrotask(() => told.current()); // not while the page is being drawn
    return data;
  });
  return error;
}
