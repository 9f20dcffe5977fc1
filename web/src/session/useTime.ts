import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

import type { Line } from './line';
import { deadline, lead, type Deadline, type Told } from './time';

interface Props {
  // What the hub last answered by HTTP; null for who has no session.
  told: Told | null;
  // What is known of the end, kept here for who has to say why a session is over.
  known: RefObject<Deadline | null>;
  line: RefObject<Line | null>;
  // use asks the hub by HTTP, which is use of the session.
  use: () => void;
  // over is told when the time has run out and nothing else has said so.
  over: () => void;
}

interface Time {
  // The end the reader is to be warned of; null while there is time.
  warning: Deadline | null;
  // dismiss closes a warning that cannot be answered by staying.
  dismiss: () => void;
}

// How often it is looked, while the reader is warned, whether they went on in
// another window; and how long after the end the hub is asked whether it was one.
const lookEvery = 4000;
const grace = 2000;

// useTime watches the session's end. Who types or points when the warning is due
// is not interrupted: what they do is use, though the hub has not heard of it.
export function useTime({ told, known, line, use, over }: Props): Time {
  const acted = useActed();
  const dismissed = useRef<string | null>(null);
  const [warning, setWarning] = useState<Deadline | null>(null);
  const warned = useRef(false);
  useEffect(() => void (warned.current = warning !== null), [warning]);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((n) => n + 1), []);

  // Only a new answer counts: the same one, shown again from the cache, is old.
  const { idleUntil } = told ?? {};
  useEffect(() => {
    known.current = told === null ? null : deadline(told, Date.now());
    setWarning(null);
    again();
  }, [idleUntil]);

  useEffect(() => {
    const { current } = known;
    if (told === null || current === null) return;
    let wanted = true;
    const warn = async () => {
      const now = Date.now();
      if (now >= current.endAt + grace) return over();
      if (now < current.warnAt) return again();
      const left = await look(line.current);
      if (!wanted) return;
      if (left === null) return over();
      if (left !== undefined) known.current = deadline(left, Date.now());
      const end = known.current ?? current;
      if (Date.now() < end.warnAt) setWarning(null);
      else if (end.ends === 'IDLE' && !warned.current && Date.now() - acted.current < lead(told.idleSeconds)) use();
      else if (dismissed.current !== told.latest || end.ends !== 'AGE') setWarning(end);
      again();
    };
    const wait = current.warnAt - Date.now();
    const timer = setTimeout(() => void warn(), wait > 0 ? Math.min(wait, longest) : Math.min(lookEvery, Math.max(500, current.endAt + grace - Date.now())));
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [round, idleUntil]);

  const dismiss = useCallback(() => {
    dismissed.current = told?.latest ?? null;
    setWarning(null);
  }, [told?.latest]);
  return { warning, dismiss };
}

// What timers of browsers can wait.
const longest = 2 ** 31 - 1;

// look asks over the line: null, the session is over; undefined, no answer.
async function look(line: Line | null): Promise<Told | null | undefined> {
  try {
    return await line?.look();
  } catch {
    return undefined;
  }
}

// useActed notes when the reader last pressed a key or pointed at something.
function useActed(): RefObject<number> {
  const acted = useRef(0);
  useEffect(() => {
    const note = () => void (acted.current = Date.now());
    const kinds = ['keydown', 'pointerdown', 'input'] as const;
    for (const kind of kinds) window.addEventListener(kind, note, { capture: true, passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note, { capture: true });
    };
  }, []);
  return acted;
}
