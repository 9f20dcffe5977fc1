// What happens where, counted from lists of things that say where they are.
import { graphql, type ResultOf } from '../api/graphql';

// Where a thing is: towns are marked, and parts of towns stand for their town.
export const territoryFragment = graphql(`
  fragment Where on Territory {
    __typename
    id
    ... on Municipality {
      ineCode
    }
    ... on District {
      municipality {
        id
        ineCode
      }
    }
    ... on Neighbourhood {
      district {
        id
        municipality {
          id
          ineCode
        }
      }
    }
  }
`);

export type Where = ResultOf<typeof territoryFragment>;

export function codeOf(where: Where): string | null {
  switch (where.__typename) {
    case 'Municipality':
      return where.ineCode;
    case 'District':
      return where.municipality?.ineCode ?? null;
    case 'Neighbourhood':
      return where.district?.municipality?.ineCode ?? null;
    default:
      return null;
  }
}

export interface Counts {
  events: number;
  projects: number;
  tables: number;
}

export type Sort = keyof Counts;
export const sorts: readonly Sort[] = ['events', 'projects', 'tables'];

export const nothing: Counts = { events: 0, projects: 0, tables: 0 };

// count adds up, for each town, the things of each sort that are there. A thing in
// two quarters of one town is there once.
export function count(things: Record<Sort, readonly (readonly Where[])[]>): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const sort of sorts) {
    for (const places of things[sort]) {
      for (const code of new Set(places.map(codeOf))) {
        if (code === null) continue;
        const before = counts.get(code) ?? nothing;
        counts.set(code, { ...before, [sort]: before[sort] + 1 });
      }
    }
  }
  return counts;
}

// of is how many there are of a sort; without one, of all.
export function of(counts: Counts | undefined, sort: Sort | null): number {
  if (counts === undefined) return 0;
  return sort === null ? counts.events + counts.projects + counts.tables : counts[sort];
}

// A map has four tints: nothing, one, a few, many.
export function tint(number: number): 0 | 1 | 2 | 3 {
  if (number === 0) return 0;
  if (number === 1) return 1;
  return number < 5 ? 2 : 3;
}
