// When a connection ended: whether to make it again, and how soon.

// The hub's errors come as a list, a closed socket as a CloseEvent.
interface HubError {
  message: string;
}

function hubErrors(error: unknown): HubError[] {
  return Array.isArray(error) ? (error as HubError[]) : [];
}

// 4408: no answer in time, 4429: too many at once, 4499: ended by this page.
const passing = [4408, 4429, 4499];

// finalReason says why trying again is no use, or null when it may help: the
// hub refused the question, or closed with a code of the protocol's own; or the
// question was never sent, for it cannot be, and trying again would not end.
export function finalReason(error: unknown): string | null {
  const errors = hubErrors(error);
  if (errors.length > 0) return errors.map((e) => e.message).join(' ');
  if (error instanceof Error && !('code' in error)) return error.message;
  const { code, reason } = (error ?? {}) as { code?: unknown; reason?: unknown };
  const refused = typeof code === 'number' && code >= 4400 && code < 4500 && !passing.includes(code);
  return refused ? `${code} ${String(reason ?? '')}`.trim() : null;
}

// 1, 2, 4 … at most 30 seconds, and up to half as much again so that the
// readers of a hub that was restarted do not all come back in one instant.
export function backoff(tries: number, random: number = Math.random()): number {
  return Math.min(1000 * 2 ** Math.min(tries, 10), 30_000) * (1 + random / 2);
}

// pause waits, or ends at once when the signal is aborted or the network is back.
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    globalThis.addEventListener?.('online', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      globalThis.removeEventListener?.('online', done);
      resolve();
    }
  });
}
