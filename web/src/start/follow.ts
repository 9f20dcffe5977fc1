// Following an event: the state first, then every change, over a connection
// that is made again for as long as somebody wants to know.
import { createClient, type Client } from 'graphql-ws';
import { stringifyDocument } from 'urql';

import { socketEndpoint } from '../api/endpoint';
import { backoff, finalReason, isStale, isWithdrawn, pause } from '../api/retry';
import type { Language } from '../i18n/languages';
import { changesSubscription, type Change } from './changes';

// How it stands: what is shown is as it is now (live), is being brought up to
// date after a gap, or is as it was when the connection was lost. Over for good
// when the reader was signed out or the hub says that it is no use.
export type Status =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'catchingUp'; changes: number }
  | { kind: 'offline' }
  | { kind: 'signedOut' }
  | { kind: 'ended'; reason: string };

export interface Listener {
  onChange(change: Change): void;
  onStatus(status: Status): void;
  // isSignedIn asks the hub, when it ended what was begun with other rights.
  // Null: nobody was signed in, so there are no rights to lose.
  isSignedIn: (() => Promise<boolean>) | null;
}

// A line that nothing is heard on for so long is dead, though nobody said so.
const beat = 10_000;
const deaf = 5000;

// Connecting again is ours, not the library's: only we know the last cursor.
export function connect(language: Language): Client {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const client: Client = createClient({
    url: socketEndpoint(),
    connectionParams: { 'Accept-Language': language },
    retryAttempts: 0,
    lazy: true,
    keepAlive: beat,
    on: {
      ping: (received) => {
        if (!received) waiting = setTimeout(() => client.terminate(), deaf);
      },
      pong: (received) => received && clearTimeout(waiting),
      closed: () => clearTimeout(waiting),
    },
  });
  return client;
}

// How long nothing has to come before what was missed counts as caught up with.
const quiet = 400;

// caughtUp tells how far a connection has got that goes on from a cursor: the hub
// sends what was missed at once and marks nothing, so the first pause is the end.
function caughtUp(onStatus: Listener['onStatus']) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changes = 0;
  let done = false;
  const tell = () => {
    clearTimeout(timer);
    onStatus({ kind: 'catchingUp', changes });
    timer = setTimeout(() => {
      done = true;
      onStatus({ kind: 'live' });
    }, quiet);
  };
  return {
    connected: tell,
    message: () => {
      changes++;
      if (!done) tell();
    },
    stop: () => clearTimeout(timer),
  };
}

// follow runs until the signal is aborted or the hub says that it is no use.
export async function follow(client: Client, id: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let after: string | undefined;
  let heard = true; // since rights changed
  for (let tries = 0; !signal.aborted; tries++) {
    listener.onStatus({ kind: after === undefined && tries === 0 ? 'connecting' : 'offline' });
    const way = after === undefined ? null : caughtUp(listener.onStatus);
    const unlisten = client.on('connected', () => way?.connected());
    try {
      for await (const change of changes(client, id, after, signal)) {
        after = change.cursor;
        tries = 0;
        heard = true;
        if (way === null) listener.onStatus({ kind: 'live' });
        else way.message();
        listener.onChange(change);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (after !== undefined && isStale(error)) {
        after = undefined; // too long away: the state again
        continue;
      }
      if (isWithdrawn(error) && heard && listener.isSignedIn !== null) {
        heard = false;
        if (!(await listener.isSignedIn())) return listener.onStatus({ kind: 'signedOut' });
        after = undefined; // other rights are another state
        tries = -1;
        continue;
      }
      const reason = finalReason(error);
      if (reason !== null) return listener.onStatus({ kind: 'ended', reason });
    } finally {
      unlisten();
      way?.stop();
    }
    listener.onStatus({ kind: 'offline' });
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
