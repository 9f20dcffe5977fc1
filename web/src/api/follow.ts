// Following an event: the state first, then every change, over a connection
// that is made again for as long as somebody wants to know.
import { createClient, type Client } from 'graphql-ws';

import type { Language } from '../i18n/languages';
import { changesSubscription } from './documents';
import { socketEndpoint } from './endpoint';
import type { Change } from './types';

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
    query: changesSubscription,
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

// The hub's errors come as a list, a closed socket as a CloseEvent.
interface HubError {
  message: string;
  extensions?: { code?: unknown };
}

function hubErrors(error: unknown): HubError[] {
  return Array.isArray(error) ? (error as HubError[]) : [];
}

export function isStale(error: unknown): boolean {
  return hubErrors(error).some((e) => e.extensions?.code === 'STALE_CURSOR');
}

// finalReason says why trying again is no use, or null when it may help: the
// hub refused the question, or closed with a code of the protocol's own.
export function finalReason(error: unknown): string | null {
  const errors = hubErrors(error);
  if (errors.length > 0) return errors.map((e) => e.message).join(' ');
  const { code, reason } = (error ?? {}) as { code?: unknown; reason?: unknown };
  const refused = typeof code === 'number' && code >= 4400 && code < 4500 && code !== 4408 && code !== 4429;
  return refused ? `${code} ${String(reason ?? '')}`.trim() : null;
}

// 1, 2, 4 … at most 30 seconds, and up to half as much again so that the
// readers of a hub that was restarted do not all come back in one instant.
export function backoff(tries: number, random: number = Math.random()): number {
  return Math.min(1000 * 2 ** Math.min(tries, 10), 30_000) * (1 + random / 2);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
