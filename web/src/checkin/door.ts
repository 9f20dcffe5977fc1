// What the door decides by itself, from the list it took along: pure functions.

// Who is on the list. Names are in it, codes are not: only what their hash is.
export interface Expected {
  id: string;
  codeHash: string | null;
  name: string | null;
  organization: string;
  role: 'PUBLIC' | 'PROFESSIONAL' | 'ASSOCIATION';
  seatPool: string | null;
  state: 'PENDING' | 'CONFIRMED' | 'WAITLISTED' | 'CANCELLED' | 'REJECTED' | 'ATTENDED' | 'NO_SHOW' | 'REPLACED';
  arrivedAt: string | null;
}

// A list as it was taken along. `until` is when it has to be gone.
export interface Roster {
  event: string;
  title: string;
  until: string;
  takenAt: string;
  number: number;
  entries: Expected[];
}

export type Outcome = 'ARRIVED' | 'ALREADY' | 'UNDONE' | 'REFUSED';

// Note is one thing that this device noted. Its numbers have no gaps. Without an
// outcome the hub does not know of it yet.
export interface Note {
  event: string;
  sequence: number;
  at: string;
  // One of both: by the code, or by identifier.
  delegate: string | null;
  code: string | null;
  undo: boolean;
  outcome: Outcome | null;
  reason: string | null;
  // When they arrived, as the hub has it.
  arrivedAt: string | null;
  // Which other device saw them too, and when.
  doubled: { device: string; at: string } | null;
}

// What the door says about somebody.
export type Verdict = 'in' | 'already' | 'noSeat' | 'replaced' | 'cancelled' | 'unknown';

export function judge(entry: Expected | undefined): Verdict {
  switch (entry?.state) {
    case undefined:
      return 'unknown';
    case 'CONFIRMED':
    case 'NO_SHOW':
      return 'in';
    case 'ATTENDED':
      return 'already';
    case 'PENDING':
    case 'WAITLISTED':
      return 'noSeat';
    case 'REPLACED':
      return 'replaced';
    default:
      return 'cancelled';
  }
}

// cleanCode is a code as the hub compares it.
export function cleanCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

export async function hashOf(code: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(cleanCode(code)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// withNotes is the list as it is after what this device noted since: what the hub
// has refused counts for nothing.
export function withNotes(entries: readonly Expected[], notes: readonly Note[]): Expected[] {
  const of = new Map<string, Note>();
  for (const note of notes) {
    if (note.delegate !== null && note.outcome !== 'REFUSED') of.set(note.delegate, note);
  }
  return entries.map((entry) => {
    const note = of.get(entry.id);
    if (note === undefined) return entry;
    if (!note.undo) return entry.state === 'ATTENDED' ? entry : { ...entry, state: 'ATTENDED', arrivedAt: note.arrivedAt ?? note.at };
    return note.outcome === null ? { ...entry, state: 'CONFIRMED', arrivedAt: null } : entry;
  });
}

// plain is a text for comparing: without accents and capitals.
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

// search finds by name or organisation, each word somewhere; those without a seat too.
export function search(entries: readonly Expected[], text: string): Expected[] {
  const words = plain(text).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  return entries.filter(({ state, name, organization }) => {
    if (state === 'REPLACED' || state === 'CANCELLED' || state === 'REJECTED') return false;
    const whole = plain(`${name ?? ''} ${organization}`);
    return words.every((word) => whole.includes(word));
  });
}

// arrivedBy says whether this device itself has let somebody in.
export function arrivedBy(notes: readonly Note[], delegate: string): boolean {
  const last = notes.findLast((note) => note.delegate === delegate && note.outcome !== 'REFUSED');
  return last !== undefined && !last.undo;
}
