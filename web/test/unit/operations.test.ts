// The client's operations go by their hash: each of those that the client really
// sends is in the manifest of the binary, and nothing else.
import { createHash } from 'node:crypto';

import type { DocumentNode } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { operations } from '../../scripts/operations.mjs';
import { createClient } from '../../src/api/client';

// Every document that a module makes, as it makes it.
const made = vi.hoisted(() => [] as DocumentNode[]);
vi.mock('gql.tada', async (original) => {
  const real = await original<typeof import('gql.tada')>();
  return {
    ...real,
    initGraphQLTada: () => {
      const graphql = real.initGraphQLTada() as unknown as (...args: unknown[]) => DocumentNode;
      return (...args: unknown[]) => made[made.push(graphql(...args)) - 1];
    },
  };
});

const sources = import.meta.glob<string>('../../src/**/*.{ts,tsx}', { query: '?raw', import: 'default' });
const modules = import.meta.glob('../../src/**/*.{ts,tsx}');

// The text is empty where the hash is enough.
interface Sent {
  query?: string;
  extensions?: { persistedQuery?: { sha256Hash: string } };
}

const sent: Sent[] = [];
// How the hub answers a request; nothing: with no data.
let refuse: (asked: Sent) => object[] | null = () => null;

const notFound = [{ message: 'unknown', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }];

// The line to the hub, as far as the socket's client lets it be seen: what the
// real one would refuse to send fails here too.
vi.mock('graphql-ws', async (original) => {
  const { MessageType, stringifyMessage } = await original<typeof import('graphql-ws')>();
  const subscribe = (payload: SubscribePayload, sink: { error(problem: object[]): void }) => {
    const { payload: asked } = JSON.parse(stringifyMessage({ id: '1', type: MessageType.Subscribe, payload })) as { payload: Sent };
    sent.push(asked);
    const errors = refuse(asked);
    if (errors !== null) queueMicrotask(() => sink.error(errors));
    return () => {};
  };
  return { createClient: () => ({ subscribe, terminate() {} }) };
});

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

function ask(document: DocumentNode): void {
  const { client } = createClient({ language: 'ca', actingFor: null }, () => {});
  const [definition] = document.definitions;
  const kind = definition?.kind === 'OperationDefinition' ? definition.operation : 'query';
  // What is shown before the hub has answered is made of the input.
  client[kind](document, { input: { id: 'x', node: 'x' } }).subscribe(() => {});
}

beforeAll(async () => {
  const asking = await Promise.all(Object.entries(sources).map(async ([name, read]) => [name, await read()] as const));
  for (const [name, text] of asking) if (/\bgraphql\(/.test(text)) await modules[name]?.();
}, 120_000);

beforeEach(() => {
  sent.length = 0;
  refuse = () => null;
  vi.stubGlobal('window', { location: { href: 'http://hub.example/' } });
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    const asked = JSON.parse(body) as Sent;
    sent.push(asked);
    const errors = refuse(asked);
    return new Response(JSON.stringify(errors === null ? { data: null } : { errors }), {
      status: errors === null ? 200 : 400,
      headers: { 'content-type': 'application/graphql-response+json' },
    });
  });
});

afterEach(() => vi.unstubAllGlobals());

const isOperation = ({ definitions }: DocumentNode) => definitions[0]?.kind === 'OperationDefinition';

test('what the client sends is what is registered, no more and no less', async () => {
  const asked = made.filter(isOperation);
  expect(asked.length).toBeGreaterThan(50);
  asked.forEach(ask);
  await vi.waitFor(() => expect(sent.length).toBe(asked.length), 30_000);
  expect(sent.filter(({ query }) => query !== '')).toEqual([]);
  const hashes = sent.map(({ extensions }) => extensions?.persistedQuery?.sha256Hash);
  expect(hashes.sort()).toEqual(Object.keys(operations()).sort());
}, 60_000);

test('the manifest is of the texts it names', () => {
  for (const [name, text] of Object.entries(operations())) expect(name).toBe(hash(text));
}, 60_000);

describe('a hub of another version', () => {
  // One of each kind, so that one is asked over HTTP and one over the socket.
  test.each(['query', 'mutation', 'subscription'])('is sent the text of a %s once it does not know the hash', async (kind) => {
    const document = made.filter(isOperation).find(({ definitions: [one] }) => one?.kind === 'OperationDefinition' && one.operation === kind);
    if (document === undefined) throw new Error(`there is no ${kind}`);
    refuse = ({ query }) => (query === '' ? notFound : null);
    ask(document);
    await vi.waitFor(() => expect(sent.length).toBe(2));
    expect(sent[0]?.query).toBe('');
    expect(hash(sent[1]?.query ?? '')).toBe(sent[1]?.extensions?.persistedQuery?.sha256Hash);
    ask(document); // from there on at once
    await vi.waitFor(() => expect(sent.length).toBe(3));
    expect(sent[2]?.query).toBe(sent[1]?.query);
  });
});

test('without hashes texts are sent as ever', async () => {
  vi.stubGlobal('crypto', {});
  const [document] = made.filter(isOperation);
  if (document !== undefined) ask(document);
  await vi.waitFor(() => expect(sent.length).toBe(1));
  expect(sent[0]?.query).toMatch(/^(query|mutation|subscription) /);
});
