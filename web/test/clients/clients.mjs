// Stock clients, unchanged, against a real hub. Each asks a query and follows an
// event, and prints a line of JSON for everything it gets; internal/hubtest/clients
// starts this program, restarts the hub, cuts connections and judges the lines.
//
// Each client runs in three ways: `plain` with the variables it began with, which
// it sends again after a break; `stale` the same, with an `after` from the
// start; and `resuming` with the helper of web/resume.
import { createClient as createSocketClient } from 'graphql-ws';
import { createClient as createEventClient } from 'graphql-sse';
import { WebSocket } from 'ws';
import { Client as Urql, fetchExchange, subscriptionExchange } from '@urql/core';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';

import { pace, resuming } from '../../resume/resume.js';
import { resumeExchange } from '../../resume/urql.js';
import { resumeLink } from '../../resume/apollo.js';

const { url, token, event, first } = JSON.parse(process.argv[2]);

const question = 'query Q($id: ID!) { event(id: $id) { id } }';
const following = `subscription F($id: ID!, $after: String) {
  eventChanges(id: $id, after: $after) { number cursor kind seats { confirmed } } }`;

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const headers = { authorization: `Bearer ${token}` };
// Quick retries: a test should not wait as long as a person would.
const soon = () => new Promise((resolve) => setTimeout(resolve, 100 + 100 * Math.random()));

function sockets() {
  const { closed, retryWait } = pace();
  let asked = false;
  return createSocketClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: Infinity,
    retryWait: (retries) => (asked ? retryWait(retries) : soon()),
    shouldRetry: () => true,
    on: {
      closed: (closing) => {
        asked = closing.code === 1012;
        closed(closing);
        say({ closed: closing.code, reason: closing.reason });
      },
    },
  });
}

const events = () => createEventClient({ url, headers, retryAttempts: Infinity, retry: soon });

// Each takes what it gets to `told` and answers the query.
const clients = {
  async 'graphql-ws'(mode, variables, told) {
    const client = mode === 'resuming' ? resuming(sockets()) : sockets();
    client.subscribe({ query: following, variables }, told);
    for await (const answer of client.iterate({ query: question, variables: { id: event } })) return answer.data;
  },

  async 'graphql-sse'(mode, variables, told) {
    const client = mode === 'resuming' ? resuming(events()) : events();
    client.subscribe({ query: following, variables }, told);
    for await (const answer of client.iterate({ query: question, variables: { id: event } })) return answer.data;
  },

  async urql(mode, variables, told) {
    const client = sockets();
    const live =
      mode === 'resuming'
        ? resumeExchange(client)
        : subscriptionExchange({
            forwardSubscription: (request) => ({
              subscribe: (sink) => ({ unsubscribe: client.subscribe({ ...request, query: request.query ?? '' }, sink) }),
            }),
          });
    const urql = new Urql({ url, preferGetMethod: false, fetchOptions: { headers }, exchanges: [fetchExchange, live] });
    urql.subscription(following, variables).subscribe((result) => (result.error ? told.error(result.error) : told.next(result)));
    return (await urql.query(question, { id: event }).toPromise()).data;
  },

  async apollo(mode, variables, told) {
    const live = mode === 'resuming' ? resumeLink(sockets()) : new GraphQLWsLink(sockets());
    const link = ApolloLink.split((operation) => operation.operationType === 'subscription', live, new HttpLink({ uri: url, headers }));
    const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
    apollo.subscribe({ query: gql(following), variables, fetchPolicy: 'no-cache' }).subscribe({
      next: (result) => (result.error ? told.error(result.error) : told.next(result)),
      error: told.error,
      complete: told.complete,
    });
    return (await apollo.query({ query: gql(question), variables: { id: event } })).data;
  },
};

async function run(name, mode) {
  const who = `${name} ${mode}`;
  const told = {
    next: ({ data, errors }) => say({ who, ...(errors ? { problem: errors } : data.eventChanges) }),
    error: (problem) => say({ who, problem: String(problem?.message ?? JSON.stringify(problem)) }),
    complete: () => say({ who, problem: 'the stream ended' }),
  };
  const variables = mode === 'stale' ? { id: event, after: first } : { id: event };
  const data = await clients[name](mode, variables, told);
  if (data?.event?.id !== event) say({ who, problem: `the query was answered with ${JSON.stringify(data)}` });
  say({ who, answered: true });
}

// It ends with its standard input, so with the test at the latest.
process.stdin.on('end', () => process.exit(0)).resume();
for (const name of Object.keys(clients)) {
  for (const mode of ['plain', 'stale', 'resuming']) run(name, mode).catch((problem) => say({ who: `${name} ${mode}`, problem: String(problem) }));
}
