// What the live panel asks: an event's changes with its seats.
import { poolFragment } from './Seats';
import { graphql, type ResultOf } from '../api/graphql';

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
