// Following an event: its changes with its seats. The cache takes the event of
// each message, so that all of the page that shows it is as it is now.
import { useRef, useState } from 'react';
import { useSubscription, type CombinedError } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { poolFragment } from './Seats';

export const changesSubscription = graphql(
  `
    subscription Changes($id: ID!, $after: String) {
      eventChanges(id: $id, after: $after) {
        number
        cursor
        kind
        at
        event {
          id
          title
          state
          cancellationReason
          startsAt
          endsAt
          venueName
          seatPools {
            ...SeatNumbers
          }
        }
      }
    }
  `,
  [poolFragment],
);

// Change: without a kind it is the state; without an event, that is visible no more.
export type Change = ResultOf<typeof changesSubscription>['eventChanges'];

// How many lines of the log stay on the page.
const kept = 20;

export interface Live {
  gone: boolean;
  log: Change[]; // newest first; it begins with the state
}

export const nothingYet: Live = { gone: false, log: [] };

// A state begins anew: it comes first, after being away for too long, and with
// other rights, under which other changes are seen and counted.
export function receive(live: Live, change: Change): Live {
  return {
    gone: change.event === null,
    log: change.kind === null ? [change] : [change, ...live.log].slice(0, kept),
  };
}

interface Followed {
  live: Live;
  error: CombinedError | undefined;
}

// useFollowed follows an event for as long as the page shows it; onChange is told
// of each change after the state.
export function useFollowed(id: string, onChange: () => void = () => {}): Followed {
  const [live, setLive] = useState<Live>(nothingYet);
  const told = useRef(onChange);
  told.current = onChange;
  const [{ error }] = useSubscription({ query: changesSubscription, variables: { id } }, (_, data) => {
    setLive((before) => receive(before, data.eventChanges));
    if (data.eventChanges.kind !== null) queueMicrotask(() => told.current()); // not while the page is being drawn
    return data;
  });
  return { live, error };
}
