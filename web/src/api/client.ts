// The one client that asks the hub. What it knows is of one reader in one
// language; another reader or language gets another client.
import { Client, fetchExchange, mapExchange, type CombinedError } from 'urql';

import type { Language } from '../i18n/languages';
import { resumeExchange } from '../../resume/urql.js';
import { cache } from './cache';
import { endpoint } from './endpoint';
import { lineParams, openLine, Standing } from './live';
import { namedFetch, namedLine } from './named';

export interface Reader {
  language: Language;
  // The organisation acted for; null: the reader acts for nobody but themselves.
  actingFor: string | null;
}

// What a reader asks with, and how its socket stands.
export interface Asking {
  client: Client;
  connection: Standing;
}

// onRefused is told when the hub says that who asks is not signed in any more.
export function createClient({ language, actingFor }: Reader, onRefused: () => void): Asking {
  const headers: Record<string, string> = { 'accept-language': language };
  if (actingFor !== null) headers['teixit-acting-for'] = actingFor;
  const connection = new Standing();
  const born = Date.now();
  const onError = (error: CombinedError) => {
    if (isRefused(error)) onRefused();
    else if (isWithdrawn(error)) setTimeout(onRefused, Math.max(0, patience - (Date.now() - born)));
  };
  const client = new Client({
    url: endpoint(),
    // A GET would put what is asked into logs and histories.
    preferGetMethod: false,
    fetch: namedFetch,
    fetchOptions: { credentials: 'same-origin', headers },
    exchanges: [
      cache(),
      mapExchange({ onError }),
      resumeExchange(namedLine(openLine(lineParams(language, actingFor), connection))),
      fetchExchange,
    ],
  });
  return { client, connection };
}

// How soon a client that lost what it followed may be followed by another one: a
// hub that refuses at once is not asked again and again.
const patience = 2000;

// The codes of not being signed in, or no longer.
const refusals: unknown[] = ['UNAUTHENTICATED', 'SIGNED_OUT'];

export function isRefused({ graphQLErrors, response }: Pick<CombinedError, 'graphQLErrors' | 'response'>): boolean {
  return hasStatus(response, 401) || graphQLErrors.some(({ extensions }) => refusals.includes(extensions['code']));
}

// isWithdrawn tells that the hub ended what was followed with rights that are no
// more. Who asks again gets what they may see now.
export function isWithdrawn({ graphQLErrors, networkError }: Pick<CombinedError, 'graphQLErrors' | 'networkError'>): boolean {
  const told: unknown = networkError;
  const errors = [...graphQLErrors, ...(Array.isArray(told) ? (told as { extensions?: { code?: unknown } }[]) : [])];
  return (told as { code?: unknown } | undefined)?.code === 4403 || errors.some(({ extensions }) => extensions?.['code'] === 'RIGHTS_CHANGED');
}

// isNoLonger tells that the reader does not act any more for whom they chose.
export function isNoLonger({ graphQLErrors }: Pick<CombinedError, 'graphQLErrors'>): boolean {
  return graphQLErrors.some(({ extensions }) => extensions['code'] === 'NOT_ACTING_FOR');
}

function hasStatus(response: unknown, status: number): boolean {
  return typeof response === 'object' && response !== null && 'status' in response && response.status === status;
}

// reasonOf says what went wrong in the hub's own words, which are in the
// reader's language; empty when the hub was not reached and has said nothing.
export function reasonOf(error: CombinedError): string {
  return error.graphQLErrors.map(({ message }) => message).join(' ');
}
