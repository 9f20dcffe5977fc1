// The worker that opens this page without a network (public/door.js).
import { scope } from './forget';

// keepPage has all that the page is made of kept on the device, and tells whether
// it is. Browsers have workers only where the connection is a safe one.
export async function keepPage(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  await navigator.serviceWorker.register('/door.js', { scope });
  const { active } = await navigator.serviceWorker.ready;
  if (active === null) return false;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    active.postMessage(files(), [port2]);
  });
}

function files(): string[] {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  return ['/', ...loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/')).map(({ pathname }) => pathname)];
}
