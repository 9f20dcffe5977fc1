// What is known of who asks, as a pure function of the answers to one question.
import type { CombinedError } from 'urql';

import { isRefused } from '../api/client';
import { graphql, type ResultOf } from '../api/graphql';
import type { End } from './time';

export const viewerQuery = graphql(`
  query Viewer {
    viewer {
      person {
        id
        name
      }
      account {
        id
        admin
      }
      actingFor {
        id
        name
      }
      sessionTime {
        idleUntil
        latest
        secondsLeft
        idleSeconds
      }
    }
  }
`);

export type Viewer = NonNullable<ResultOf<typeof viewerQuery>['viewer']>;

// Standing is what is known of who asks. Ended: was signed in, and time or the
// hub, not the reader, put an end to it.
export type Standing =
  | { kind: 'unknown' }
  | { kind: 'failed'; error: CombinedError }
  | { kind: 'anonymous'; ended: End | null }
  | { kind: 'signedIn'; viewer: Viewer };

interface Answer {
  fetching: boolean;
  data?: ResultOf<typeof viewerQuery> | undefined;
  error?: CombinedError | undefined;
}

// next is what is known after an answer; end is why the session is over, if it
// is. While an answer is awaited, what was known stays on the page. So it does
// without the network, but not beyond the session's time: somebody else may sit
// there by then.
export function next(before: Standing, { fetching, data, error }: Answer, end: End): Standing {
  if (fetching) return before;
  const wasSignedIn = before.kind === 'signedIn';
  const over: Standing = { kind: 'anonymous', ended: end };
  if (error !== undefined && isRefused(error)) return wasSignedIn ? over : { kind: 'anonymous', ended: null };
  if (error !== undefined && wasSignedIn) return end === 'OTHER' ? before : over;
  if (error !== undefined) return { kind: 'failed', error };
  if (data === undefined) return { kind: 'unknown' };
  if (data.viewer !== null) return { kind: 'signedIn', viewer: data.viewer };
  if (before.kind === 'anonymous') return before;
  return wasSignedIn ? over : { kind: 'anonymous', ended: null };
}
