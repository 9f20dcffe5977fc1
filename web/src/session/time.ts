// How much time the session has left, as pure functions. The hub tells seconds;
// moments here are those of the reader's clock, which may be wrong and is only
// ever compared with itself.

export interface Told {
  idleUntil: string;
  latest: string;
  secondsLeft: number;
  idleSeconds: number;
}

// Why a session ends: nobody used it for a while, it is as old as one may get,
// or for a reason that has nothing to do with time.
export type End = 'IDLE' | 'AGE' | 'OTHER';

export interface Deadline {
  warnAt: number;
  endAt: number;
  ends: End;
  minutes: number; // how long a session lasts without use
}

// Two minutes are enough to hear the warning and press a button; where a session
// is shorter than six minutes, a third of it.
export function lead(idleSeconds: number): number {
  return Math.min(120, idleSeconds / 3) * 1000;
}

export function deadline({ idleUntil, latest, secondsLeft, idleSeconds }: Told, now: number): Deadline {
  const endAt = now + secondsLeft * 1000;
  return {
    endAt,
    warnAt: endAt - lead(idleSeconds),
    ends: idleUntil === latest ? 'AGE' : 'IDLE',
    minutes: Math.max(1, Math.round(idleSeconds / 60)),
  };
}

// The hub's clock and the way of an answer leave a doubt of some seconds.
const doubt = 3000;

// why says for what reason a session has ended that is over now.
export function why(known: Deadline | null, now: number): End {
  return known !== null && now >= known.endAt - doubt ? known.ends : 'OTHER';
}

// clock writes what is left as minutes and seconds: 1:05.
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

// spoken is how many seconds are left at the moments at which a reader who does
// not see the clock is told; null before the first of them.
export function spoken(milliseconds: number): number | null {
  const seconds = Math.ceil(milliseconds / 1000);
  return [10, 30, 60].find((moment) => seconds <= moment) ?? null;
}
