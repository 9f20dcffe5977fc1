// A registration's own place in the line, as it moves: told to whom it belongs, in
// messages that nobody else reads.
import { useSubscription } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { registrationFragment } from './Registered';

const standingSubscription = graphql(
  `
    subscription RegistrationStanding($id: ID!, $after: String) {
      registrationStanding(id: $id, after: $after) {
        number
        cursor
        registration {
          id
          ...MyRegistration
        }
      }
    }
  `,
  [registrationFragment],
);

// How many lines one page follows.
const most = 10;

// waiting are the registrations of which something waits, by their identifiers.
export function waiting(given: readonly FragmentOf<typeof registrationFragment>[]): string[] {
  return readFragment(registrationFragment, given)
    .filter((one) => one.waiting > 0)
    .map(({ id }) => id)
    .slice(0, most);
}

export function useStanding(id: string): void {
  useSubscription({ query: standingSubscription, variables: { id } });
}
