// Lists of participants: sent as a file, which is a plain request beside GraphQL,
// taken in by the hub in the background, and followed in the graph until they are
// finished.
import { useRef } from 'react';
import { useQuery, useSubscription, type CombinedError } from 'urql';

import { Refusal } from '../api/auth';
import { graphql, readFragment, type ResultOf } from '../api/graphql';
import type { Language } from '../i18n/languages';

const listFragment = graphql(`
  fragment ImportShown on ParticipantImport {
    id
    state
    dryRun
    partial
    total
    checked
    participants
    problemCount
    problems(first: 100) {
      nodes {
        line
        column
        code
        message
      }
      pageInfo {
        hasNextPage
      }
    }
    refusal {
      code
      message
    }
    createdAt
  }
`);

const listsQuery = graphql(
  `
    query ParticipantImports($id: ID!) {
      event(id: $id) {
        id
        participantImports(first: 5) {
          nodes {
            ...ImportShown
          }
        }
      }
    }
  `,
  [listFragment],
);

const progressSubscription = graphql(
  `
    subscription ParticipantImportProgress($id: ID!, $after: String) {
      participantImportProgress(id: $id, after: $after) {
        number
        cursor
        import {
          ...ImportShown
        }
      }
    }
  `,
  [listFragment],
);

export type List = ResultOf<typeof listFragment>;

export const finished = ({ state }: Pick<List, 'state'>) => state === 'DONE' || state === 'REFUSED';

// useLists are the last lists of an event, newest first; again reads which there are.
export function useLists(event: string): { lists: readonly List[]; error: CombinedError | undefined; again: () => void } {
  const [{ data, error }, ask] = useQuery({ query: listsQuery, variables: { id: event }, requestPolicy: 'cache-and-network' });
  return { lists: readFragment(listFragment, data?.event?.participantImports.nodes ?? []), error, again: () => ask({ requestPolicy: 'network-only' }) };
}

// useFollowing follows a list until it is finished; what it shows goes into the cache
// by itself. done is told the end. It gives what went wrong with following.
export function useFollowing(id: string, done: (list: List) => void) {
  const told = useRef(done);
  told.current = done;
  const [{ error }] = useSubscription({ query: progressSubscription, variables: { id } }, (_, data) => {
    const list = readFragment(listFragment, data.participantImportProgress.import);
    if (finished(list)) queueMicrotask(() => told.current(list)); // not while the page is being drawn
    return data;
  });
  return error;
}

interface Mode {
  dry: boolean;
  partial: boolean;
  key: string;
}

// sendList gives the list's identifier, and rejects with a Refusal when the hub does
// not take the file.
export async function sendList(event: string, file: File, { dry, partial, key }: Mode, language: Language): Promise<string> {
  const how = new URLSearchParams({ dryRun: String(dry), partial: String(partial), key });
  const response = await fetch(`/files/events/${event}/participants?${how}`, {
    method: 'PUT',
    headers: { 'accept-language': language, 'content-type': 'application/octet-stream' },
    body: file,
  });
  const answer = (await response.json().catch(() => null)) as { id: string; error?: { code?: string; message?: string } | null } | null;
  if (response.ok && answer !== null) return answer.id;
  throw new Refusal(answer?.error?.message ?? '', answer?.error?.code ?? `HTTP_${response.status}`);
}
