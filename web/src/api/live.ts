// The one socket of a client: opened when something is followed, closed with the
// last of it, and made again for as long as somebody wants to know. How it stands
// is told to whoever listens, because it is how far a page can be trusted.
import { createClient, type Client } from 'graphql-ws';

import { retryAfter } from '../../resume/resume.js';
import type { Language } from '../i18n/languages';
import { socketEndpoint } from './endpoint';
import { backoff, finalReason, pause } from './retry';

// What is shown is as it is now (live), is being brought up to date after a gap,
// or is as it was when the connection was lost. Idle: nothing is followed. Ended:
// the hub said that trying again is no use.
export type Connection =
  | { kind: 'idle' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'catchingUp'; changes: number }
  | { kind: 'offline' }
  | { kind: 'ended'; reason: string };

// How long nothing has to come before what was missed counts as caught up with:
// the hub sends it at once and marks nothing, so the first pause is the end.
const quiet = 400;

// Standing keeps how the connection stands and tells who listens.
export class Standing {
  private now: Connection = { kind: 'idle' };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly get = (): Connection => this.now;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  opening(again: boolean): void {
    if (!again) this.tell({ kind: 'connecting' });
  }

  opened(again: boolean): void {
    if (again) this.catchUp(0);
    else this.tell({ kind: 'live' });
  }

  received(): void {
    if (this.now.kind === 'catchingUp') this.catchUp(this.now.changes + 1);
  }

  closed(event: unknown): void {
    const { code } = (event ?? {}) as { code?: unknown };
    const reason = finalReason(event);
    if (code === 1000) this.tell({ kind: 'idle' });
    else if (reason !== null) this.tell({ kind: 'ended', reason });
    else this.tell({ kind: 'offline' });
  }

  private catchUp(changes: number): void {
    this.tell({ kind: 'catchingUp', changes });
    this.timer = setTimeout(() => this.tell({ kind: 'live' }), quiet);
  }

  private tell(now: Connection): void {
    clearTimeout(this.timer);
    this.now = now;
    for (const listener of this.listeners) listener();
  }
}

// A line that nothing is heard on for so long is dead, though nobody said so.
const beat = 10_000;
const deaf = 5000;

// openLine makes the socket's client; nothing is connected before it is used.
export function openLine(params: Record<string, string>, standing: Standing): Client {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asked: number | null = null;
  const client: Client = createClient({
    url: socketEndpoint(),
    connectionParams: params,
    lazy: true,
    keepAlive: beat,
    retryAttempts: Infinity,
    shouldRetry: (closed) => finalReason(closed) === null,
    retryWait: (retries) => pause(asked ?? backoff(retries), new AbortController().signal),
    on: {
      connecting: (again) => standing.opening(again),
      connected: (_socket, _payload, again) => standing.opened(again),
      message: ({ type }) => void (type === 'next' && standing.received()),
      ping: (received) => {
        if (!received) waiting = setTimeout(() => client.terminate(), deaf);
      },
      pong: (received) => received && clearTimeout(waiting),
      closed: (event) => {
        clearTimeout(waiting);
        const { code, reason } = event as { code?: number; reason?: string };
        asked = code === 1012 ? retryAfter(reason ?? '') : null;
        standing.closed(event);
      },
    },
  });
  // The browser knows before the connection does.
  globalThis.addEventListener?.('offline', () => client.terminate());
  return client;
}

export function lineParams(language: Language, actingFor: string | null): Record<string, string> {
  return { 'Accept-Language': language, ...(actingFor === null ? {} : { actingFor }) };
}
