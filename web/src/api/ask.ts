// One question over HTTP.
import type { Language } from '../i18n/languages';
import { endpoint } from './endpoint';

interface Answer<T> {
  data?: T | null;
  errors?: { message: string }[];
}

// ask posts a query and gives its data. It rejects with the hub's own messages,
// which are in the reader's language, when there is none.
export async function ask<T>(query: string, language: Language, signal: AbortSignal): Promise<T> {
  const response = await fetch(endpoint(), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'accept-language': language,
    },
    body: JSON.stringify({ query }),
    signal,
  });
  const { data, errors } = (await response.json()) as Answer<T>;
  if (data === null || data === undefined) {
    throw new Error(errors?.map((error) => error.message).join(' ') ?? `HTTP ${response.status}`);
  }
  return data;
}
