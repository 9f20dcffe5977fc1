// Signing in and out. These are plain requests beside GraphQL, because they set
// and clear the session's cookie, which no script can read.
import type { Language } from '../i18n/languages';

// What the hub says when it refuses, in the reader's language, and a code for us.
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly path: readonly string[] = [],
  ) {
    super(message);
  }
}

interface Refused {
  error?: { message?: string; code?: string; field?: string[] };
}

// send rejects with a Refusal when the hub answers with one, and with whatever
// fetch throws when the hub was not reached.
async function send(method: 'GET' | 'POST' | 'DELETE', path: string, language: Language, body?: object): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { message = '', code = `HTTP_${response.status}`, field = [] } = (answer as Refused | null)?.error ?? {};
  throw new Refusal(message, code, field);
}

// askForCode has a code and a link mailed. The answer is the same whether or
// not the hub knows the address.
export async function askForCode(mail: string, language: Language): Promise<void> {
  await send('POST', '/auth/code', language, { mail });
}

// How somebody proves that they read their mail: the code, or the link's token.
export type Proof = { mail: string; code: string } | { token: string };

export async function signIn(proof: Proof, language: Language): Promise<void> {
  await send('POST', '/auth/session', language, proof);
}

export async function signOut(language: Language): Promise<void> {
  await send('DELETE', '/auth/session', language);
}

// provider is what one can sign in with besides a mailed code: the name of the
// OpenID Connect provider that the hub was set up with, or null.
export async function provider(language: Language): Promise<string | null> {
  const methods = (await send('GET', '/auth/methods', language)) as { oidc?: { name: string } | null } | null;
  return methods?.oidc?.name ?? null;
}

// The address that leads to the provider and from there back to a page of ours.
export function providerAddress(next: string): string {
  return `/auth/oidc/start?next=${encodeURIComponent(next)}`;
}
