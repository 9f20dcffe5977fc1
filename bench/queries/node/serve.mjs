// What the two servers on Node.js share: PostgreSQL from the environment, as many
// connections as the hub has for reading, kept open, an address, and a word when ready.
import pg from 'pg';

// Moments come as PostgreSQL writes them, which is cheaper than a Date each.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text.replace(' ', 'T') + ':00');

export const pool = new pg.Pool({ max: Number(process.env.QUERIES_CONNS), idleTimeoutMillis: 0 });

const [host, port] = process.env.QUERIES_ADDR.split(':');
export const address = { host, port: Number(port) };

export function ready() {
  console.log('ready');
}
