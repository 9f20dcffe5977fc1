// What is asked is named by its hash: the hub has the client's operations from the
// start (scripts/operations.mjs). A hub of another version may not know one; then
// the text is sent too, and from there on without trying.
import type { Client, SubscribePayload } from 'graphql-ws';

const unknown = 'PERSISTED_QUERY_NOT_FOUND';

// The hashes of texts, and those that the hub did not know.
const hashes = new Map<string, Promise<string>>();
const missed = new Set<string>();

// hashOf is the SHA-256 of a text. Browsers have it on encrypted connections and
// on this machine only: undefined where there is none, and texts are sent as ever.
export function hashOf(text: string): Promise<string> | undefined {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  let hash = hashes.get(text);
  if (hash === undefined) {
    hash = digest(text);
    hashes.set(text, hash);
  }
  return hash;
}

async function digest(text: string): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Asked {
  query?: string | undefined;
  extensions?: Record<string, unknown> | null | undefined;
}

// name puts the hash into what is asked, with the text only where it is needed;
// elsewhere it is empty, for graphql-ws sends nothing that has none.
function name({ query, ...asked }: Asked, hash: string): Asked {
  const extensions = { ...asked.extensions, persistedQuery: { version: 1, sha256Hash: hash } };
  return { ...asked, query: missed.has(hash) ? query : '', extensions };
}

function isUnknown(errors: unknown): boolean {
  return Array.isArray(errors) && errors.some((error: { extensions?: { code?: unknown } }) => error?.extensions?.code === unknown);
}

// namedFetch is fetch for questions over HTTP.
export const namedFetch: typeof fetch = async (input, init) => {
  const asked = JSON.parse(String(init?.body)) as Asked;
  const hash = asked.query === undefined ? undefined : await hashOf(asked.query);
  if (hash === undefined) return fetch(input, init);
  const send = () => fetch(input, { ...init, body: JSON.stringify(name(asked, hash)) });
  const response = await send();
  if (response.ok || missed.has(hash)) return response;
  const { errors } = (await response.clone().json().catch(() => ({}))) as { errors?: unknown };
  if (!isUnknown(errors)) return response;
  missed.add(hash);
  return send();
};

// namedLine is the same socket, on which operations are named.
export function namedLine(line: Client): Client {
  return { ...line, subscribe: (asked, sink) => subscribe(line, asked, sink) };
}

const subscribe: (line: Client, ...asked: Parameters<Client['subscribe']>) => () => void = (line, asked, sink) => {
  const hashing = hashOf(asked.query);
  if (hashing === undefined) return line.subscribe(asked, sink);
  let over = false;
  let stop = () => {};
  const begin = (hash: string) => {
    if (over) return;
    const tried = missed.has(hash);
    stop = line.subscribe(name(asked, hash) as SubscribePayload, {
      next: (answer) => sink.next(answer as never),
      complete: () => sink.complete(),
      error: (problem) => {
        if (tried || !isUnknown(problem)) return sink.error(problem);
        missed.add(hash);
        begin(hash);
      },
    });
  };
  void hashing.then(begin);
  return () => {
    over = true;
    stop();
  };
};
