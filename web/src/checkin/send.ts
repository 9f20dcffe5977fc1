// Speaking with the hub: taking the list along, and sending what was noted.
import type { Client } from 'urql';

import { reasonOf } from '../api/client';
import { graphql } from '../api/graphql';
import type { Expected, Note, Roster } from './door';
import { deskOf, eventsWithNotes, keepNotes, keepRoster, readNotes, renumber } from './store';

const eventQuery = graphql(`
  query DoorEvent($id: ID!) {
    event(id: $id) {
      id
      title
      state
      startsAt
      endsAt
    }
  }
`);

const rosterQuery = graphql(`
  query DoorRoster($event: ID!, $after: String) {
    eventRoster(event: $event, first: 100, after: $after) {
      number
      nodes {
        id
        codeHash
        name
        organization
        role
        seatPool
        state
        arrivedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const syncMutation = graphql(`
  mutation DoorSync($input: EventCheckInSyncInput!) {
    eventCheckInSync(input: $input) {
      last
      results {
        sequence
        outcome
        reason
        delegate {
          id
          arrivedAt
        }
      }
      doubled {
        sequence
        device
        at
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// Unreached: the hub did not answer. Refused: it answered no; the message is its own.
export class Unreached extends Error {}
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

// How long after its end the list of an event is of use; after a day without a
// known end.
const after = 12 * 3600 * 1000;

// takeRoster takes the list along as it is now.
export async function takeRoster(client: Client, event: string): Promise<Roster> {
  const about = await asked(client.query(eventQuery, { id: event }, fresh).toPromise());
  const entries: Expected[] = [];
  let number = Infinity;
  let cursor: string | null = null;
  do {
    const { eventRoster }: Answer = await asked(client.query(rosterQuery, { event, after: cursor }, fresh).toPromise());
    entries.push(...eventRoster.nodes);
    number = Math.min(number, eventRoster.number);
    cursor = eventRoster.pageInfo.hasNextPage ? eventRoster.pageInfo.endCursor : null;
  } while (cursor !== null);
  const ends = about.event?.endsAt ?? about.event?.startsAt ?? new Date().toISOString();
  const until = Math.max(Date.parse(ends), Date.now()) + after;
  const roster = { event, title: about.event?.title ?? '', until: new Date(until).toISOString(), takenAt: new Date().toISOString(), number, entries };
  await keepRoster(roster);
  return roster;
}

const fresh = { requestPolicy: 'network-only' } as const;

interface Answer {
  eventRoster: { number: number; nodes: readonly Expected[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

async function asked<Data>(answer: Promise<{ data?: Data; error?: Parameters<typeof reasonOf>[0] }>): Promise<Data> {
  const { data, error } = await answer;
  if (error?.networkError !== undefined && error.networkError !== null) throw new Unreached();
  if (error !== undefined || data === undefined) {
    throw new Refused(error === undefined ? '' : reasonOf(error), String(error?.graphQLErrors[0]?.extensions['code'] ?? 'FAILED'));
  }
  return data;
}

// As many as the hub takes at once.
const most = 200;

// Numbers of this device that stand for something else at the hub.
const foreign = ['SEQUENCE_GAP', 'SEQUENCE_REUSED'];

// send tells the hub what was noted, in its order, and notes what became of it. It
// sends something also when nothing waits: then it learns whom another device saw.
export async function send(client: Client, event: string): Promise<void> {
  for (;;) {
    const { device } = await deskOf(event);
    const waiting = (await readNotes(event)).filter(({ outcome }) => outcome === null);
    const batch = waiting.slice(0, most);
    const { eventCheckInSync: answer } = await asked(
      client
        .mutation(syncMutation, {
          // A key of its own each time: sentAt differs, and the numbers make it one.
          input: { idempotencyKey: crypto.randomUUID(), event, device, sentAt: new Date().toISOString(), items: batch.map(item) },
        })
        .toPromise(),
    );
    const wrong = answer.errors[0];
    if (wrong !== undefined && foreign.includes(wrong.code)) {
      await renumber(event);
      continue;
    }
    if (wrong !== undefined) throw new Refused(wrong.message, wrong.code);
    await keepAnswers(event, answer);
    if (waiting.length <= most) return;
  }
}

function item({ sequence, at, delegate, code, undo }: Note) {
  return { sequence, at, undo, delegate: code === null ? { id: delegate ?? '' } : { code } };
}

interface Answered {
  results: readonly { sequence: number; outcome: NonNullable<Note['outcome']>; reason: string | null; delegate: { id: string; arrivedAt: string | null } | null }[];
  doubled: readonly { sequence: number; device: string; at: string }[];
}

async function keepAnswers(event: string, { results, doubled }: Answered): Promise<void> {
  const notes = new Map((await readNotes(event)).map((note) => [note.sequence, note]));
  for (const { sequence, outcome, reason, delegate } of results) {
    const note = notes.get(sequence);
    if (note === undefined) continue;
    notes.set(sequence, { ...note, outcome, reason, delegate: note.delegate ?? delegate?.id ?? null, arrivedAt: delegate?.arrivedAt ?? null });
  }
  for (const { sequence, device, at } of doubled.toReversed()) {
    const note = notes.get(sequence);
    if (note !== undefined) notes.set(sequence, { ...note, doubled: { device, at } });
  }
  await keepNotes([...notes.values()]);
}

// sendAll is for who signs out: what was noted must not go with the device's lists.
// What the hub refuses it refuses later too.
export async function sendAll(client: Client): Promise<void> {
  for (const event of await eventsWithNotes()) {
    if (!(await readNotes(event)).some(({ outcome }) => outcome === null)) continue;
    await send(client, event).catch((error: unknown) => {
      if (error instanceof Unreached) throw error;
    });
  }
}
