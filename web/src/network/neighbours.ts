// The neighbours of a node, by the relation that joins them: one question, with
// at most twelve of each relation and the rest on demand.
import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { thingFragment } from '../format/thing';
import type { ca } from '../i18n/ca';

export const groupFragment = graphql(`
  fragment NeighboursOf on NeighbourGroup {
    relation
    neighbours {
      nodeId
      type
      title
      ineCode
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

export const neighboursQuery = graphql(
  `
    query Neighbours($id: ID!, $relations: [NeighbourRelation!], $after: String) {
      neighbours(of: $id, relations: $relations, first: 12, after: $after) {
        ...NeighboursOf
      }
    }
  `,
  [groupFragment],
);

// The node in the middle, which is nobody's neighbour.
export const middleQuery = graphql(
  `
    query NetworkOf($id: ID!) {
      node(id: $id) {
        ...Thing
      }
    }
  `,
  [thingFragment],
);

export type Relation = keyof typeof ca.relation;
type Group = ResultOf<typeof groupFragment>;

// A node as it is drawn: what it is, how it is called, and where its page is.
export interface Thing {
  __typename: string;
  id: string;
  title: string;
  ineCode?: string;
}

export interface Neighbour {
  relation: Relation;
  thing: Thing;
}

// That there are more by a relation, and how to go on.
export interface More {
  relation: Relation;
  cursor: string;
}

export interface Neighbours {
  list: Neighbour[];
  more: More[];
}

// Of the terms that everything is about, only those that were asked for are drawn:
// joined to everything, they would say nothing.
const terms: readonly string[] = ['Field', 'Goal', 'Challenge', 'Axis'];

export function isTerm({ __typename }: Thing): boolean {
  return terms.includes(__typename);
}

// neighboursOf lists each neighbour once, under the first relation that joins it.
export function neighboursOf(given: readonly FragmentOf<typeof groupFragment>[]): Neighbours {
  const groups = readFragment(groupFragment, given);
  const seen = new Set<string>();
  const list = groups.flatMap(({ relation, neighbours }: Group) =>
    neighbours.flatMap(({ nodeId: id, type, title, ineCode }) => {
      if (seen.has(id)) return [];
      seen.add(id);
      return [{ relation, thing: { __typename: type, id, title, ...(ineCode === null ? {} : { ineCode }) } }];
    }),
  );
  const more = groups.flatMap(({ relation, pageInfo: { hasNextPage, endCursor } }) => (hasNextPage && endCursor !== null ? [{ relation, cursor: endCursor }] : []));
  return { list, more };
}
