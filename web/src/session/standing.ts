// What is known of who asks, as a pure function of the answers to one question.
import type { CombinedError } from 'urql';

import { isRefused } from '../api/client';
import { graphql, type ResultOf } from '../api/graphql';

export const viewerQuery = graphql(`
  query Viewer {
    viewer {
      person {
        id
        name
      }
      actingFor {
        id
        name
      }
    }
  }
`);

export type Viewer = NonNullable<ResultOf<typeof viewerQuery>['viewer']>;

// Standing is what is known of who asks. Ended: was signed in, and the hub, not
// the reader, put an end to it.
export type Standing =
  | { kind: 'unknown' }
  | { kind: 'failed'; error: CombinedError }
  | { kind: 'anonymous'; ended: boolean }
  | { kind: 'signedIn'; viewer: Viewer };

interface Answer {
  fetching: boolean;
  data?: ResultOf<typeof viewerQuery> | undefined;
  error?: CombinedError | undefined;
}

// next is what is known after an answer. While one is awaited, what was known
// stays on the page.
export function next(before: Standing, { fetching, data, error }: Answer): Standing {
  if (fetching) return before;
  const wasSignedIn = before.kind === 'signedIn';
  if (error !== undefined && isRefused(error)) return { kind: 'anonymous', ended: wasSignedIn };
  if (error !== undefined) return wasSignedIn ? before : { kind: 'failed', error };
  if (data === undefined) return { kind: 'unknown' };
  if (data.viewer !== null) return { kind: 'signedIn', viewer: data.viewer };
  if (before.kind === 'anonymous') return before;
  return { kind: 'anonymous', ended: wasSignedIn };
}
