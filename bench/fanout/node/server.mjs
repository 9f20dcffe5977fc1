// graphql-ws on Node.js, as its documentation shows it: the ws package, and an
// async iterator for each subscriber. The packages are those of the web client.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const load = createRequire(new URL('../../../web/package.json', import.meta.url));
const { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } = load('graphql');
const { WebSocketServer } = load('ws');
const { useServer } = load('graphql-ws/use/ws');

const members = new Map();
const last = new Map();

// A queue for each subscriber, read by an async iterator.
function follow(topic) {
  const waiting = [last.get(topic)];
  let wake = null;
  const push = (message) => {
    waiting.push(message);
    wake?.();
  };
  if (!members.has(topic)) members.set(topic, new Set());
  members.get(topic).add(push);
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (waiting.length === 0 && !over) await new Promise((resolve) => (wake = resolve));
      if (over) return { done: true, value: undefined };
      return { done: false, value: { eventChanges: waiting.shift() } };
    },
    async return() {
      over = true;
      members.get(topic).delete(push);
      wake?.();
      return { done: true, value: undefined };
    },
  };
}

const EventChange = new GraphQLObjectType({
  name: 'EventChange',
  fields: {
    number: { type: new GraphQLNonNull(GraphQLInt) },
    cursor: { type: new GraphQLNonNull(GraphQLString) },
    kind: { type: GraphQLString },
    at: { type: GraphQLString },
    fields: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { ok: { type: GraphQLBoolean } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      eventChanges: {
        type: new GraphQLNonNull(EventChange),
        args: { id: { type: new GraphQLNonNull(GraphQLID) }, after: { type: GraphQLString } },
        subscribe: (_, { id }) => follow(id),
      },
    },
  }),
});

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const { topic, message } = JSON.parse(Buffer.concat(parts).toString());
    last.set(topic, message);
    for (const push of members.get(topic) ?? []) push(message);
    response.end();
  });
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
const [host, port] = process.env.FANOUT_ADDR.split(':');
server.listen(Number(port), host, () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
