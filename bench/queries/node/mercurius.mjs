// Mercurius with graphql-jit, as its documentation shows it: resolvers for the
// roots, loaders for what lies below, one statement for each level.
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { address, pool, ready } from './serve.mjs';

const ask = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const eventColumns = `id, organiser, title, kind, state, starts_at as "startsAt", ends_at as "endsAt"`;

const resolvers = {
  Query: {
    async municipality(_, { by }) {
      const [town] = await ask('town', 'select id, title, comarca from bench.municipalities where ine_code = $1', [by.ineCode]);
      return town ?? null;
    },
    async event(_, { id }) {
      const [event] = await ask('event', `select ${eventColumns} from bench.events where id = $1`, [id]);
      return event ?? null;
    },
    async events(_, { first, filter }, __, info) {
      const values = [filter.territory, filter.kinds];
      const where = 'municipality = $1 and kind = any($2)';
      const counted = JSON.stringify(info.fieldNodes[0].selectionSet.selections.map((s) => s.name?.value)).includes('totalCount');
      const [nodes, count] = await Promise.all([
        ask('events', `select ${eventColumns} from bench.events where ${where} order by starts_at, id limit $3`, [...values, first]),
        counted ? ask('count', `select count(*)::int as n from bench.events where ${where}`, values) : [{ n: null }],
      ]);
      return { nodes, totalCount: count[0].n };
    },
  },
  Mutation: { registrationCreate },
  Organization: { resolveType: () => 'Association' },
};

// each gives every parent its rows.
function each(queries, rows, parent, key) {
  const of = new Map(queries.map(({ obj }) => [obj[key], []]));
  for (const row of rows) of.get(row[parent]).push(row);
  return queries.map(({ obj }) => of.get(obj[key]));
}

const uncached = { cache: false };
const loaders = {
  Municipality: {
    comarca: {
      opts: uncached,
      async loader(queries) {
        const rows = await ask('comarques', 'select id, title from bench.comarques where id = any($1)', [queries.map((q) => q.obj.comarca)]);
        const found = new Map(rows.map((row) => [row.id, row]));
        return queries.map((q) => found.get(q.obj.comarca) ?? null);
      },
    },
    organizations: {
      opts: uncached,
      async loader(queries) {
        const rows = await ask(
          'organizations',
          `select o.* from unnest($1::text[]) as p(id) cross join lateral (
             select id, name, municipality from bench.associations where municipality = p.id order by name, id limit $2) o`,
          [queries.map((q) => q.obj.id), queries[0].params.first],
        );
        return each(queries, rows, 'municipality', 'id').map((nodes) => ({ nodes }));
      },
    },
  },
  Association: {
    events: {
      opts: uncached,
      async loader(queries) {
        const rows = await ask(
          'organised',
          `select e.* from unnest($1::text[]) as p(id) cross join lateral (
             select ${eventColumns} from bench.events where organiser = p.id order by starts_at, id limit $2) e`,
          [queries.map((q) => q.obj.id), queries[0].params.first],
        );
        return each(queries, rows, 'organiser', 'id').map((nodes) => ({ nodes }));
      },
    },
  },
  Event: {
    organisers: {
      opts: uncached,
      async loader(queries) {
        const rows = await ask('organisers', 'select id, name from bench.associations where id = any($1)', [queries.map((q) => q.obj.organiser)]);
        const found = new Map(rows.map((row) => [row.id, row]));
        return queries.map((q) => [{ lead: true, organization: found.get(q.obj.organiser) }]);
      },
    },
    seatPools: {
      opts: uncached,
      async loader(queries) {
        const rows = await ask(
          'pools',
          'select id, event, name, capacity, confirmed, availability from bench.seat_pools where event = any($1) order by event, position, id',
          [queries.map((q) => q.obj.id)],
        );
        return each(queries, rows, 'event', 'id');
      },
    },
  },
};

// One transaction under the lock of the event's row.
async function registrationCreate(_, { input }) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const q = async (name, text, values) => (await client.query({ name, text, values })).rows;
    const [at] = await q('lock', 'select capacity, confirmed, waiting, last from bench.lines where event = $1 for update', [input.event]);
    const seat = at.confirmed < at.capacity;
    const state = seat ? 'CONFIRMED' : 'WAITLISTED';
    await q('take', 'update bench.lines set confirmed = confirmed + $2, waiting = waiting + $3, last = last + 1 where event = $1', [
      input.event, seat ? 1 : 0, seat ? 0 : 1,
    ]);
    const [made] = await q(
      'insert',
      'insert into bench.registrations (event, organization, name, line, state, key) values ($1, $2, $3, $4, $5, $6) returning id',
      [input.event, input.organization, input.delegates[0].name, Number(at.last) + 1, state, input.idempotencyKey],
    );
    await client.query('commit');
    return { registration: { id: made.id, state, place: seat ? null : at.waiting + 1 }, errors: [] };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const app = Fastify();
app.register(mercurius, { schema: readFileSync(new URL('../plain.graphqls', import.meta.url), 'utf8'), resolvers, loaders, jit: 1, graphiql: false });
await app.listen(address);
ready();
