// The line: an open connection by which a signed-in page learns within a second
// that its session was ended elsewhere, or its rights changed. Nothing is asked
// over it.
import { createClient } from 'graphql-ws';

import { socketEndpoint } from '../api/endpoint';
import { backoff, finalReason } from '../api/retry';

// How soon a line that was refused at once may be asked for again.
const patience = 30_000;

// holdLine keeps the line open until the returned function is called. When the
// hub ends it, onEnded is told once; a lost connection is made again.
export function holdLine(onEnded: () => void): () => void {
  let held = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: socketEndpoint(),
    lazy: false,
    retryAttempts: Infinity,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backoff(retries))),
    shouldRetry: (closed) => finalReason(closed) === null,
    on: { connected: () => void (held = true) },
    onNonLazyError: () => void (waiting = setTimeout(onEnded, held ? 0 : patience)),
  });
  return () => {
    clearTimeout(waiting);
    void client.dispose();
  };
}
