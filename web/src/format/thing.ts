// What a node of any kind is called.
import { graphql, readFragment, type FragmentOf } from '../api/graphql';

export const thingFragment = graphql(`
  fragment Thing on Node {
    id
    ... on Event {
      title
    }
    ... on Association {
      title
    }
    ... on Municipality {
      title
    }
    ... on PublicService {
      title
    }
    ... on Institution {
      title
    }
  }
`);

// titleOf gives a node's title; null for one without, or that may not be seen.
export function titleOf(given: FragmentOf<typeof thingFragment> | null): string | null {
  const thing = readFragment(thingFragment, given);
  return thing !== null && 'title' in thing ? thing.title : null;
}
