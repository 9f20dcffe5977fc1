// What somebody pressed before they had signed in, kept in this window's own
// storage until they come back to the page. One at a time, and not for long: who
// signs in much later in the same window may be somebody else.
const place = 'teixit.watch';
const minutes = 30;

export function keepIntent(thing: string, now = Date.now()): void {
  try {
    window.sessionStorage.setItem(place, `${now} ${thing}`);
  } catch {
    // Where the window may keep nothing, the button is pressed once more.
  }
}

// takeIntent tells whether the thing was to be followed, once.
export function takeIntent(thing: string, now = Date.now()): boolean {
  const [at, wanted] = window.sessionStorage.getItem(place)?.split(' ') ?? [];
  if (wanted !== thing) return false;
  window.sessionStorage.removeItem(place);
  return now - Number(at) < minutes * 60_000;
}
