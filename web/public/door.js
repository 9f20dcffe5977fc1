// Keeps the page of the door on the device, so that it opens without a network:
// the document and the files that page told it of, and nothing else. What the hub
// answers about people is never kept here. It is registered by the page of the
// door, and taken away when somebody signs out.
const place = 'teixit.door';
const page = /^\/events\/[^/]+\/check-in$/;

// A network that answers too late is none.
const patience = 4000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  event.waitUntil(
    keep(event.data).then(
      () => event.ports[0]?.postMessage(true),
      () => event.ports[0]?.postMessage(false),
    ),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && page.test(pathname)) event.respondWith(opened(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(file(request));
});

// keep has what the page is made of now, and lets go of what it was made of before.
async function keep(paths) {
  const cache = await caches.open(place);
  const wanted = new Set(paths.map((path) => new URL(path, self.location.origin).href));
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) await cache.delete(request);
  }
  await cache.add(new Request('/', { cache: 'reload' }));
  for (const url of wanted) {
    if ((await cache.match(url)) === undefined) await cache.add(url);
  }
}

async function opened(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const kept = await (await caches.open(place)).match('/');
    if (kept === undefined) throw error;
    return kept;
  }
}

// Names of these files carry a hash of what is in them.
async function file(request) {
  const kept = await (await caches.open(place)).match(request.url);
  return kept ?? fetch(request);
}
