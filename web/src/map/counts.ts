// How much happens where.
export interface Counts {
  events: number;
  projects: number;
  tables: number;
}

export type Sort = keyof Counts;
export const sorts: readonly Sort[] = ['events', 'projects', 'tables'];

export const nothing: Counts = { events: 0, projects: 0, tables: 0 };

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
