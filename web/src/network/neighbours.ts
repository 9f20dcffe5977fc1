// The neighbours of a node, by the kind of what joins them. The contract has no
// question of its own for them yet, so they are gathered from the links that each
// kind of node has: one question, at most twelve of a kind.
import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { thingFragment } from '../format/thing';
import type { ca } from '../i18n/ca';

export const neighboursQuery = graphql(
  `
    query Neighbours($id: ID!) {
      node(id: $id) {
        ...Thing
        ... on Municipality {
          comarca {
            ...Thing
          }
          districts(first: 12) {
            nodes {
              ...Thing
            }
          }
          units(first: 12) {
            ...Thing
          }
          partnerIn(first: 12) {
            nodes {
              ...Thing
            }
          }
          projects(first: 12) {
            nodes {
              ...Thing
            }
          }
          workingTables(first: 12) {
            nodes {
              ...Thing
            }
          }
          events(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on District {
          municipality {
            ...Thing
          }
          neighbourhoods(first: 12) {
            nodes {
              ...Thing
            }
          }
          projects(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on Neighbourhood {
          district {
            ...Thing
          }
          projects(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on Association {
          actsIn(first: 12) {
            ...Thing
          }
          partnerIn(first: 12) {
            nodes {
              ...Thing
            }
          }
          workingTables(first: 12) {
            nodes {
              ...Thing
            }
          }
          events(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on PublicService {
          partOf {
            ...Thing
          }
          units(first: 12) {
            ...Thing
          }
          partnerIn(first: 12) {
            nodes {
              ...Thing
            }
          }
          workingTables(first: 12) {
            nodes {
              ...Thing
            }
          }
          events(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on Institution {
          units(first: 12) {
            ...Thing
          }
          partnerIn(first: 12) {
            nodes {
              ...Thing
            }
          }
          workingTables(first: 12) {
            nodes {
              ...Thing
            }
          }
          events(first: 12) {
            nodes {
              ...Thing
            }
          }
        }
        ... on SharedProject {
          partners {
            organization {
              ...Thing
            }
          }
          places {
            ...Thing
          }
          derivedFrom {
            ...Thing
          }
          ledTo {
            ...Thing
          }
        }
        ... on WorkingTable {
          convenor {
            ...Thing
          }
          members {
            organization {
              ...Thing
            }
          }
          territories {
            ...Thing
          }
          partOf {
            ...Thing
          }
          subTables(first: 12) {
            ...Thing
          }
          proposedFrom {
            ...Thing
          }
        }
        ... on Event {
          organisers {
            organization {
              ...Thing
            }
          }
          venues {
            ...Thing
          }
          derivedFrom {
            ...Thing
          }
          ledTo {
            ...Thing
          }
        }
        ... on Workshop {
          organization {
            ...Thing
          }
          derivedFrom {
            ...Thing
          }
          ledTo {
            ...Thing
          }
        }
        ... on PriorConsultation {
          organization {
            ...Thing
          }
          ledTo {
            ...Thing
          }
        }
      }
    }
  `,
  [thingFragment],
);

// What acts in a place is asked for by a filter, which takes places only.
export const actorsQuery = graphql(
  `
    query Actors($id: ID!) {
      organizations(first: 12, filter: { actsIn: $id, kinds: [ASSOCIATION] }) {
        nodes {
          ...Thing
        }
      }
    }
  `,
  [thingFragment],
);

export type Relation = keyof typeof ca.relation;
export type Thing = ResultOf<typeof thingFragment>;
type Masked = FragmentOf<typeof thingFragment>;
type Asked = NonNullable<ResultOf<typeof neighboursQuery>['node']>;

export interface Neighbour {
  relation: Relation;
  thing: Thing;
}

// In which of a node's links which relation stands.
const links: Record<string, Relation> = {
  comarca: 'partOf',
  district: 'partOf',
  municipality: 'partOf',
  partOf: 'partOf',
  districts: 'hasPart',
  neighbourhoods: 'hasPart',
  units: 'hasPart',
  subTables: 'hasPart',
  actsIn: 'actsIn',
  territories: 'about',
  places: 'about',
  venues: 'heldAt',
  partnerIn: 'partnerIn',
  projects: 'project',
  partners: 'partner',
  workingTables: 'table',
  members: 'member',
  convenor: 'convenes',
  events: 'event',
  organisers: 'organises',
  organization: 'organises',
  derivedFrom: 'derivedFrom',
  proposedFrom: 'derivedFrom',
  ledTo: 'ledTo',
};

// Territories are all places of the province; their links to it say nothing.
export function isTerritory({ __typename }: Thing): boolean {
  return ['Municipality', 'District', 'Neighbourhood', 'Comarca'].includes(__typename);
}

function listed(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && 'nodes' in value ? (value.nodes as unknown[]) : [value];
}

// A link may lead to a node by way of a membership, which names the organisation.
function thingOf(value: unknown): Thing | null {
  const held = typeof value === 'object' && value !== null && 'organization' in value ? value.organization : value;
  const thing = readFragment(thingFragment, held as Masked | null);
  return thing !== null && 'title' in thing ? thing : null;
}

// neighboursOf lists each neighbour once, under the first relation that joins it.
export function neighboursOf(node: Asked, actors: readonly Masked[]): Neighbour[] {
  const own = readFragment(thingFragment, node as Masked).id;
  const found = Object.entries(links).flatMap(([link, relation]) =>
    listed((node as unknown as Record<string, unknown>)[link]).map((value) => ({ relation, thing: thingOf(value) })),
  );
  const acting = readFragment(thingFragment, actors).map((thing) => ({ relation: 'actsHere' as const, thing }));
  const seen = new Set([own]);
  return [...found, ...acting].flatMap(({ relation, thing }) => {
    if (thing === null || seen.has(thing.id)) return [];
    seen.add(thing.id);
    return [{ relation, thing }];
  });
}
