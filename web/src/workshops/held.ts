// The group that holds this tablet: its link, kept in this window only, so that a
// page loaded again is still the group's.
const place = 'teixit.workshop';

export interface Held {
  token: string;
  // Null: it is not known which of the groups it is.
  group: string | null;
  name: string;
}

export function readHeld(): Held | null {
  try {
    return JSON.parse(window.sessionStorage.getItem(place) ?? 'null') as Held | null;
  } catch {
    return null; // not of our making
  }
}

export function keepHeld(held: Held | null): void {
  if (held === null) window.sessionStorage.removeItem(place);
  else window.sessionStorage.setItem(place, JSON.stringify(held));
}
