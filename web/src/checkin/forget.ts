// What the door keeps on a device, seen from the rest of the client: whether there
// is any, and taking it away. It is all that the first load knows of the door.

// Under this name are the database, the kept files and a mark that there are any.
export const place = 'teixit.door';

// The pages that the door's worker looks after.
export const scope = '/events/';

export function hasDoor(): boolean {
  return window.localStorage.getItem(place) !== null;
}

export function markDoor(): void {
  window.localStorage.setItem(place, 'kept');
}

// forgetDoor takes away the lists with names, what was noted, and the worker.
export function forgetDoor(): void {
  if (!hasDoor()) return;
  window.localStorage.removeItem(place);
  window.indexedDB.deleteDatabase(place);
  // Both are there only where the connection is a safe one.
  void globalThis.caches?.delete(place);
  void navigator.serviceWorker?.getRegistration(scope).then((worker) => worker?.unregister());
}

// tidyDoor takes the lists away whose time is over, or all of them when the hub says
// that nobody is signed in. What was noted stays.
export function tidyDoor(all: boolean): void {
  if (!hasDoor()) return;
  void import('./store').then(({ dropRosters }) => dropRosters(all ? null : new Date().toISOString()));
}
