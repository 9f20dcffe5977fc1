// PostGraphile 5 as it comes, on the peers' schema, with lists where the hub has
// lists.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { address, pool, ready } from './serve.mjs';

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['bench'] })],
  schema: { defaultBehavior: '+list +connection' },
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
};

const service = postgraphile(preset);
const server = createServer();
await service.createServ(grafserv).addTo(server);
if (process.env.QUERIES_SCHEMA) {
  const { printSchema } = await import('graphql');
  console.error(printSchema(await service.getSchema()));
}
server.listen(address.port, address.host, ready);
