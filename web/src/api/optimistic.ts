// What a change will most likely be, shown before the hub has answered. When it
// refuses, or is not reached, the cache goes back to what it knew, and the page
// says why. Only what is one step and easily taken back is shown in advance:
// never a seat, never an adoption.
import type { Cache, DataFields, OptimisticMutationConfig, UpdatesConfig } from '@urql/exchange-graphcache';

import { graphql } from './graphql';

export const watchingQuery = graphql(`
  query Watching($node: ID!) {
    watching(node: $node)
  }
`);

type Input = Record<string, unknown>;

const inputOf = (args: unknown): Input => (args as { input: Input }).input;

// payload is the answer of a change that worked.
function payload(type: string, result: Record<string, unknown>): DataFields {
  return { __typename: type, ...result, errors: [] } as unknown as DataFields;
}

const bodies = ['Association', 'Municipality', 'PublicService', 'Institution'];

// An answer to a call stands in the list of who is expected, which has no
// identifiers of its own: it is written over in place, by its position, or stands
// at its end for who had not answered.
function answered(cache: Cache, session: string, organization: string, answer: unknown) {
  const list = cache.resolve({ __typename: 'TableSession', id: session }, 'attendance');
  if (!Array.isArray(list)) return null;
  const own = (list as string[]).map((one) => {
    const body = cache.resolve(one, 'organization');
    return typeof body === 'string' && cache.resolve(body, 'id') === organization;
  });
  const kept = own.map((same) => ({ __typename: 'TableAttendance', ...(same ? { answer } : {}) }));
  const __typename = bodies.find((one) => cache.resolve({ __typename: one, id: organization }, 'name') != null);
  if (own.includes(true) || __typename === undefined) return kept;
  const name = cache.resolve({ __typename, id: organization }, 'name');
  return [...kept, { __typename: 'TableAttendance', counts: true, present: false, answer, organization: { __typename, id: organization, name } }];
}

export const optimistic: OptimisticMutationConfig = {
  tableSessionAnswer: (args, cache) => {
    const { id, organization, answer } = inputOf(args);
    const attendance = answered(cache, String(id), String(organization), answer);
    return payload('TableSessionAnswerPayload', { session: { __typename: 'TableSession', id, ...(attendance === null ? {} : { attendance }) } });
  },
  tableResolutionFollow: (args) => {
    const { id, state } = inputOf(args);
    return payload('TableResolutionFollowPayload', { resolution: { __typename: 'TableResolution', id, ...(state === undefined ? {} : { state }) } });
  },
  watchSet: (args) => {
    const { watching } = inputOf(args);
    return payload('WatchSetPayload', { watching });
  },
};

// The answer to `watchSet` names no thing of the cache, so what was asked of the
// thing is written here; taken back with the rest when the hub refuses.
export const updates: UpdatesConfig = {
  Mutation: {
    watchSet: (result, args, cache) => {
      const { node, watching } = inputOf(args);
      const { watchSet } = result as { watchSet?: { watching: boolean | null } };
      if (watchSet?.watching != null) cache.updateQuery({ query: watchingQuery, variables: { node: String(node) } }, () => ({ watching: watching === true }));
    },
  },
};
