// Where the door keeps its lists and what it noted: in this browser's database. It
// outlives the page and the network, and goes when somebody signs out.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

import type { Note, Roster } from './door';
import { markDoor, place } from './forget';

// Desk is this browser at the door of one event: its name there, and the number of
// what it notes next.
export interface Desk {
  event: string;
  device: string;
  next: number;
}

interface Kept extends DBSchema {
  rosters: { key: string; value: Roster };
  desks: { key: string; value: Desk };
  notes: { key: [string, number]; value: Note; indexes: { event: string } };
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>(place, 1, {
    upgrade(db) {
      db.createObjectStore('rosters', { keyPath: 'event' });
      db.createObjectStore('desks', { keyPath: 'event' });
      db.createObjectStore('notes', { keyPath: ['event', 'sequence'] }).createIndex('event', 'event');
    },
    // It is to be deleted, here or in another window.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  markDoor();
  return opened;
}

export async function readRoster(event: string): Promise<Roster | null> {
  return (await (await database()).get('rosters', event)) ?? null;
}

export async function keepRoster(roster: Roster): Promise<void> {
  await (await database()).put('rosters', roster);
}

// dropRosters takes the lists with names away, all or those whose time is over.
// What was noted stays until the hub has it.
export async function dropRosters(now: string | null): Promise<void> {
  const db = await database();
  for (const { event, until } of await db.getAll('rosters')) {
    if (now === null || until < now) await db.delete('rosters', event);
  }
}

export async function readNotes(event: string): Promise<Note[]> {
  return (await database()).getAllFromIndex('notes', 'event', event);
}

// eventsWithNotes are those of which something was noted on this device.
export async function eventsWithNotes(): Promise<string[]> {
  return (await database()).getAllKeys('desks');
}

export async function deskOf(event: string): Promise<Desk> {
  return (await (await database()).get('desks', event)) ?? { event, device: newName(), next: 1 };
}

// A name by which people can tell devices apart, and that says nothing of whose it is.
function newName(): string {
  return [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
}

type New = Pick<Note, 'event' | 'at' | 'delegate' | 'code' | 'undo'>;

// addNote gives a note its number and keeps both in one transaction, so that a
// window closed in between leaves neither a gap nor a number given twice.
export async function addNote(note: New): Promise<Note> {
  const tx = (await database()).transaction(['desks', 'notes'], 'readwrite');
  const desk = (await tx.objectStore('desks').get(note.event)) ?? { event: note.event, device: newName(), next: 1 };
  const added: Note = { ...note, sequence: desk.next, outcome: null, reason: null, arrivedAt: null, doubled: null };
  await tx.objectStore('notes').add(added);
  await tx.objectStore('desks').put({ ...desk, next: desk.next + 1 });
  await tx.done;
  return added;
}

export async function keepNotes(notes: readonly Note[]): Promise<void> {
  const tx = (await database()).transaction('notes', 'readwrite');
  for (const note of notes) await tx.store.put(note);
  await tx.done;
}

// renumber begins anew under another name, with what the hub does not have: when it
// knows other things under this device's numbers.
export async function renumber(event: string): Promise<void> {
  const tx = (await database()).transaction(['desks', 'notes'], 'readwrite');
  const store = tx.objectStore('notes');
  const unsent = (await store.index('event').getAll(event)).filter(({ outcome }) => outcome === null);
  for (const key of await store.index('event').getAllKeys(event)) await store.delete(key);
  let next = 1;
  for (const note of unsent) await store.add({ ...note, sequence: next++ });
  await tx.objectStore('desks').put({ event, device: newName(), next });
  await tx.done;
}
