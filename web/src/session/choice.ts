// For whom the reader acts, in this window: somebody may act for two bodies in
// two windows. It is a choice among rights and no right: the hub checks it.
const key = 'teixit.actingFor';

export function chosen(): string | null {
  return window.sessionStorage.getItem(key);
}

export function keep(organisation: string | null): void {
  if (organisation === null) window.sessionStorage.removeItem(key);
  else window.sessionStorage.setItem(key, organisation);
}
