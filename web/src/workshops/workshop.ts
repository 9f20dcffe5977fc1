// What a board shows of a workshop, and what each message about it brings.
import { graphql, type ResultOf } from '../api/graphql';

const noteFragment = graphql(`
  fragment WorkshopNoteShown on WorkshopNote {
    id
    text
    author {
      id
      name
    }
    project {
      id
      title
    }
  }
`);

export const workshopFragment = graphql(
  `
    fragment WorkshopShown on Workshop {
      id
      title
      state
      description
      groups {
        id
        name
        revoked
      }
      board {
        territory {
          id
          title
        }
        priorities {
          id
          text
          byOrganisers
          authors {
            id
            name
          }
          merged {
            ...WorkshopNoteShown
          }
          capacities {
            ...WorkshopNoteShown
          }
          projects {
            id
            title
          }
        }
        runningProjects {
          ...WorkshopNoteShown
        }
        capacities {
          ...WorkshopNoteShown
        }
      }
    }
  `,
  [noteFragment],
);

export { noteFragment };
export type WorkshopShown = ResultOf<typeof workshopFragment>;
export type Place = WorkshopShown['board'][number];
export type Priority = Place['priorities'][number];
export type Note = ResultOf<typeof noteFragment>;

// Who notes: a group by its link, or the organisers.
export type Pen = { token: string } | { workshop: string };

// The steps of a workshop on one tablet. In each the same board is before everybody.
export const steps = ['PRIORITY', 'RUNNING_PROJECT', 'CAPACITY', 'MERGE', 'WEIGH'] as const;
export type Step = (typeof steps)[number];

// weigh puts what most groups noted first; what is even keeps its order.
export function weigh(priorities: readonly Priority[]): Priority[] {
  return priorities.toSorted((a, b) => voices(b) - voices(a));
}

// voices is how many noted it: groups, and the organisers as one.
export function voices({ authors, byOrganisers }: Pick<Priority, 'authors' | 'byOrganisers'>): number {
  return authors.length + (byOrganisers ? 1 : 0);
}
