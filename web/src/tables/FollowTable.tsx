import { useChanges } from '../api/followed';
import { graphql } from '../api/graphql';

const changesSubscription = graphql(`
  subscription TableChanges($id: ID!, $after: String) {
    tableChanges(id: $id, after: $after) {
      number
      cursor
      kind
      session {
        id
        state
        startsAt
        place
      }
    }
  }
`);

// FollowTable tells of each change of a table, for what is in no message.
export function FollowTable({ id, onChange }: { id: string; onChange: () => void }) {
  useChanges(changesSubscription, { id }, onChange);
  return null;
}
