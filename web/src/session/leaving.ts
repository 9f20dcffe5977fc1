// Signing out is for the whole browser: what is open in its other windows is told,
// so that they forget what was written there too, and do not speak of a session
// that was ended by somebody else.
const name = 'teixit.left';

export function announceLeaving(): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(null);
  channel.close();
}

// whenLeft calls back when the reader signs out in another window of this browser.
export function whenLeft(callback: () => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = callback;
  return () => channel.close();
}
