// Following an event: the state first, then every change, over a connection
// that is made again for as long as somebody wants to know.
import { createClient, type Client } from 'graphql-ws';
import { stringifyDocument } from 'urql';

import { socketEndpoint } from '../api/endpoint';
import { backoff, finalReason, isStale, pause } from '../api/retry';
import type { Language } from '../i18n/languages';
import { changesSubscription, type Change } from './changes';

export type Status = { kind: 'connecting' } | { kind: 'open' } | { kind: 'waiting' } | { kind: 'ended'; reason: string };

export interface Listener {
  onChange(change: Change): void;
  onStatus(status: Status): void;
}

// Connecting again is ours, not the library's: only we know the last cursor.
export function connect(language: Language): Client {
  return createClient({
    url: socketEndpoint(),
    connectionParams: { 'Accept-Language': language },
    retryAttempts: 0,
    lazy: true,
  });
}

// follow runs until the signal is aborted or the hub says that it is no use.
export async function follow(client: Client, id: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let after: string | undefined;
  for (let tries = 0; !signal.aborted; tries++) {
    listener.onStatus({ kind: tries === 0 ? 'connecting' : 'waiting' });
    try {
      for await (const change of changes(client, id, after, signal)) {
        after = change.cursor;
        tries = 0;
        listener.onStatus({ kind: 'open' });
        listener.onChange(change);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (after !== undefined && isStale(error)) {
        after = undefined; // too long away: the state again
        continue;
      }
      const reason = finalReason(error);
      if (reason !== null) {
        listener.onStatus({ kind: 'ended', reason });
        return;
      }
    }
    await pause(backoff(tries), signal);
  }
}

async function* changes(client: Client, id: string, after: string | undefined, signal: AbortSignal): AsyncGenerator<Change> {
  const stream = client.iterate<{ eventChanges: Change }>({
    query: stringifyDocument(changesSubscription),
    variables: { id, after: after ?? null },
  });
  const stop = () => void stream.return?.();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { data, errors } of stream) {
      if (errors !== undefined && errors.length > 0) throw errors;
      if (data) yield data.eventChanges;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
