// What a node of any kind is called, and where its page is.
import { graphql, readFragment, type FragmentOf } from '../api/graphql';

export const thingFragment = graphql(`
  fragment Thing on Node {
    __typename
    id
    ... on Event {
      title
    }
    ... on Association {
      title
    }
    ... on Municipality {
      title
      name
      ineCode
    }
    ... on Comarca {
      title
    }
    ... on District {
      title
    }
    ... on Neighbourhood {
      title
    }
    ... on PublicService {
      title
    }
    ... on Institution {
      title
    }
    ... on SharedProject {
      title
    }
    ... on WorkingTable {
      title
    }
    ... on Workshop {
      title
    }
    ... on PriorConsultation {
      title
    }
    ... on Programme {
      title
    }
    ... on Strategy {
      title
    }
    ... on Field {
      title
    }
    ... on Goal {
      title
    }
    ... on Challenge {
      title
    }
    ... on Axis {
      title
    }
  }
`);

// titleOf gives a node's title; null for one without, or that may not be seen.
export function titleOf(given: FragmentOf<typeof thingFragment> | null): string | null {
  const thing = readFragment(thingFragment, given);
  return thing !== null && 'title' in thing ? thing.title : null;
}

interface Addressed {
  __typename: string;
  id: string;
  ineCode?: string;
}

// addressOf is where the page of a thing is; null when there is none of its own.
export function addressOf({ __typename, id, ineCode }: Addressed): string | null {
  switch (__typename) {
    case 'Event':
      return `/events/${id}`;
    case 'Municipality':
      return ineCode === undefined ? null : `/municipalities/${ineCode}`;
    case 'Association':
    case 'PublicService':
    case 'Institution':
      return `/organisations/${id}`;
    case 'SharedProject':
      return `/projects/${id}`;
    case 'WorkingTable':
      return `/tables/${id}`;
    case 'District':
    case 'Neighbourhood':
    case 'Field':
    case 'Goal':
    case 'Challenge':
    case 'Axis':
      return `/network/${id}`;
    default:
      return null;
  }
}
