// The line: an open connection by which a signed-in page learns within a second
// that its session was ended elsewhere, or its rights changed. What is asked over
// it is no use of the session, so it is also how a page looks how much time is
// left without staying signed in by looking.
import { createClient } from 'graphql-ws';
import { stringifyDocument } from 'urql';

import { socketEndpoint } from '../api/endpoint';
import { graphql, type ResultOf } from '../api/graphql';
import { backoff, finalReason } from '../api/retry';
import type { Told } from './time';

const timeQuery = graphql(`
  query SessionTime {
    viewer {
      sessionTime {
        idleUntil
        latest
        secondsLeft
        idleSeconds
      }
    }
  }
`);

// How soon a line that was refused at once may be asked for again.
const patience = 30_000;

export interface Line {
  // look tells how much time is left, null when the session is over. It rejects
  // when the hub does not answer within some seconds.
  look: () => Promise<Told | null>;
  close: () => void;
}

// holdLine keeps the line open until it is closed. When the hub ends it, onEnded
// is told once; a lost connection is made again.
export function holdLine(onEnded: () => void): Line {
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
  return {
    look: () =>
      new Promise((resolve, reject) => {
        const stop = client.subscribe<ResultOf<typeof timeQuery>>(
          { query: stringifyDocument(timeQuery) },
          {
            next: ({ data }) => (data ? resolve(data.viewer?.sessionTime ?? null) : reject(new Error('no answer'))),
            error: reject,
            complete: () => reject(new Error('no answer')),
          },
        );
        setTimeout(() => {
          reject(new Error('no answer in time'));
          stop();
        }, 4000);
      }),
    close: () => {
      clearTimeout(waiting);
      void client.dispose();
    },
  };
}
