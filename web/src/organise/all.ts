// All registrations of an event, for its organisers: page after page, since they
// search among them. Each reading is noted by the hub.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, type CombinedError } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';

export const allQuery = graphql(`
  query AllRegistrations($id: ID!, $after: String) {
    event(id: $id) {
      id
      registrations(first: 100, after: $after) {
        nodes {
          id
          state
          place
          confirmed
          waiting
          byLink
          offeredUntil
          createdAt
          organization {
            id
            name
          }
          contact {
            name
            mail
          }
          mailTrouble {
            reason
          }
          delegates {
            id
            name
            named
            role
            state
            arrivedAt
            checkInCode
          }
          viewerCanCancel {
            allowed
          }
          viewerCanReplace {
            allowed
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

type Page = NonNullable<ResultOf<typeof allQuery>['event']>['registrations'];
export type Registration = Page['nodes'][number];

export interface All {
  list: readonly Registration[];
  done: boolean;
  error: CombinedError | undefined;
  again: () => void;
}

// useAll reads them and shows what has come so far; again reads them anew and keeps
// showing what was there until then.
export function useAll(event: string): All {
  const client = useClient();
  const [all, setAll] = useState<Omit<All, 'again'>>({ list: [], done: false, error: undefined });
  const round = useRef(0);
  const again = useCallback(() => {
    const mine = ++round.current;
    const read = async () => {
      const list: Registration[] = [];
      for (let after: string | null = null; ; ) {
        const answer: { data?: ResultOf<typeof allQuery>; error?: CombinedError } = await client
          .query(allQuery, { id: event, after }, { requestPolicy: 'network-only' })
          .toPromise();
        if (mine !== round.current) return;
        const page: Page | undefined = answer.data?.event?.registrations;
        if (page === undefined) return setAll((before) => ({ ...before, done: true, error: answer.error }));
        list.push(...page.nodes);
        const done = !page.pageInfo.hasNextPage;
        setAll((before) => (before.done && !done ? before : { list: [...list], done, error: undefined }));
        if (done) return;
        after = page.pageInfo.endCursor;
      }
    };
    void read();
  }, [client, event]);
  useEffect(() => {
    again();
    return () => void round.current++;
  }, [again]);
  return { ...all, again };
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

// matching are those in a state with all the words somewhere.
export function matching(list: readonly Registration[], text: string, state: string): Registration[] {
  const words = plain(text).split(/\s+/).filter((word) => word !== '');
  return list.filter((one) => {
    if (state !== '' && one.state !== state) return false;
    const delegates = one.delegates.map(({ name, checkInCode }) => `${name ?? ''} ${checkInCode ?? ''}`).join(' ');
    const whole = plain(`${one.organization?.name ?? ''} ${one.contact?.name ?? ''} ${one.contact?.mail ?? ''} ${delegates}`);
    return words.every((word) => whole.includes(word));
  });
}
