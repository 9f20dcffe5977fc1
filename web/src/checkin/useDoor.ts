import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';

import { arrivedBy, cleanCode, hashOf, judge, withNotes, type Expected, type Note, type Roster, type Verdict } from './door';
import { hasDoor } from './forget';
import { Refused, send, takeRoster, Unreached } from './send';
import { addNote, deskOf, dropRosters, readNotes, readRoster } from './store';
import { keepPage } from './worker';

// What was shown at the door last: whom, what the list says, and the note of it.
export interface Shown {
  verdict: Verdict;
  entry: Expected | null;
  code: string | null;
  // Null: nothing was noted.
  sequence: number | null;
  at: string;
}

export interface Door {
  loading: boolean;
  roster: Roster | null;
  device: string;
  entries: Expected[];
  notes: Note[];
  // Whether the hub answered the last time; null before anything was asked.
  reached: boolean | null;
  // What the hub refused as a whole, in its words.
  refused: string | null;
  // Whether this page opens without a network.
  kept: boolean;
  shown: Shown | null;
  showCode: (code: string) => void;
  arrive: (entry: Expected) => void;
  undo: (entry: Expected) => void;
  insist: () => void;
  refresh: () => void;
}

// How often it is tried again while something waits, and how often it is asked whether
// another device saw the same people, for some time after the last one was noted.
const again = 10_000;
const lookAgain = 60_000;
const lookFor = 15 * 60_000;

// What it means for a list that the hub refuses to give it: it goes. Being asked too
// often means nothing.
const final = ['DENIED', 'NOT_FOUND', 'EVENT_OVER', 'UNAUTHENTICATED', 'SIGNED_OUT'];

interface Asking {
  // Whether the hub is to be asked; pending: it is not known yet.
  mayAsk: boolean;
  pending: boolean;
}

// useDoor is this device at the door of an event: it decides by its list, notes what
// it decides, and tells the hub when there is one.
export function useDoor(event: string, { mayAsk, pending }: Asking): Door {
  const client = useClient();
  const [roster, setRoster] = useState<Roster | null>(null);
  const [notes, setNotes] = useState<Note[]>([]);
  const [device, setDevice] = useState('');
  const [loading, setLoading] = useState(true);
  const [reached, setReached] = useState<boolean | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [kept, setKept] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);

  const look = useCallback(async () => {
    if (!hasDoor()) return;
    setNotes(await readNotes(event));
    setDevice((await deskOf(event)).device);
  }, [event]);

  // One at a time: what comes meanwhile is done once more afterwards.
  const work = useRef({ busy: false, more: false });
  const tell = useCallback(async () => {
    if (!mayAsk) return;
    if (work.current.busy) return void (work.current.more = true);
    work.current.busy = true;
    try {
      do {
        work.current.more = false;
        await send(client, event);
      } while (work.current.more);
      setReached(true);
      setRefused(null);
    } catch (error) {
      setReached(!(error instanceof Unreached));
      setRefused(error instanceof Refused ? error.message : null);
    } finally {
      work.current.busy = false;
      await look();
    }
  }, [client, event, mayAsk, look]);

  const take = useCallback(async () => {
    if (!mayAsk) return;
    try {
      setRoster(await takeRoster(client, event));
      setReached(true);
    } catch (error) {
      setReached(!(error instanceof Unreached));
      // Over, or no right any more: the list goes.
      if (error instanceof Refused) {
        setRefused(error.message);
        if (!final.includes(error.code)) return;
        await dropRosters(null);
        setRoster(null);
      }
    }
  }, [client, event, mayAsk]);

  const refresh = useCallback(() => void tell().then(take), [tell, take]);

  useEffect(() => {
    let wanted = true;
    const begin = async () => {
      if (hasDoor()) {
        await dropRosters(new Date().toISOString());
        const found = await readRoster(event);
        if (wanted) setRoster(found);
        await look();
      }
      await take();
      if (hasDoor()) await tell();
      if (wanted && !pending) setLoading(false);
    };
    void begin();
    return () => void (wanted = false);
  }, [event, pending, take, tell, look]);

  useEffect(() => {
    if (roster === null || kept) return;
    const keep = async () => {
      await import('qr/decode.js'); // it is wanted without a network too
      setKept(await keepPage());
    };
    keep().catch(() => {}); // then the page works while there is a network
  }, [roster, kept]);

  useRetry(notes, tell, refresh);

  const note = async (one: Pick<Note, 'delegate' | 'code' | 'undo'>, verdict: Verdict, entry: Expected | null) => {
    const at = new Date().toISOString();
    const { sequence } = await addNote({ event, at, ...one });
    setShown({ verdict, entry, code: one.code, sequence, at });
    await look();
    void tell();
  };

  const entries = roster === null ? [] : withNotes(roster.entries, notes);
  const showCode = async (text: string) => {
    const code = cleanCode(text);
    if (code === '' || roster === null) return;
    const hash = await hashOf(code);
    const entry = entries.find(({ codeHash }) => codeHash === hash);
    const verdict = judge(entry);
    const mine = entry !== undefined && verdict === 'already' && arrivedBy(notes, entry.id);
    // Without a network only what the list lets in is noted; with one, the hub
    // says what it knows of the rest.
    const only = verdict === 'in' || verdict === 'already';
    if (!mine && (only || (reached !== false && navigator.onLine))) await note({ delegate: entry?.id ?? null, code, undo: false }, verdict, entry ?? null);
    else setShown({ verdict, entry: entry ?? null, code, sequence: null, at: new Date().toISOString() });
  };
  return {
    loading,
    roster,
    device,
    entries,
    notes,
    reached,
    refused,
    kept,
    shown,
    showCode: (code) => void showCode(code),
    arrive: (entry) => void note({ delegate: entry.id, code: null, undo: false }, judge(entry), entry),
    undo: (entry) => void note({ delegate: entry.id, code: null, undo: true }, judge(entry), entry),
    insist: () => void (shown?.code != null && note({ delegate: null, code: shown.code, undo: false }, shown.verdict, shown.entry)),
    refresh,
  };
}

// useRetry tries again when the network is back, and now and then while something
// waits or may have been seen elsewhere too.
function useRetry(notes: readonly Note[], tell: () => Promise<void>, refresh: () => void): void {
  const waits = notes.some(({ outcome }) => outcome === null);
  const last = notes.at(-1)?.at ?? null;
  useEffect(() => {
    window.addEventListener('online', refresh);
    return () => window.removeEventListener('online', refresh);
  }, [refresh]);
  useEffect(() => {
    if (last === null) return;
    const timer = setInterval(
      () => {
        if (waits || Date.now() - Date.parse(last) < lookFor) void tell();
      },
      waits ? again : lookAgain,
    );
    return () => clearInterval(timer);
  }, [waits, last, tell]);
}
