// Runs the audits of the npm package graphql-http against a GraphQL endpoint
// and prints what came out. Exits with 1 unless every audit is ok.
//
//   node bench/audit/audit.mjs http://127.0.0.1:8080/graphql
//
// The package is taken from web/node_modules; AUDIT_FROM may name another
// package.json beside which it is installed.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const url = process.argv[2];
if (!url) {
  console.error('usage: node bench/audit/audit.mjs <url of the GraphQL endpoint>');
  process.exit(2);
}

const from = process.env.AUDIT_FROM ?? fileURLToPath(new URL('../../web/package.json', import.meta.url));
const { serverAudits } = createRequire(from)('graphql-http');

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  counts[result.status]++;
  if (result.status !== 'ok') {
    console.log(`${result.status.padEnd(6)} ${result.id} ${result.name}: ${result.reason}`);
  }
  // An answer nobody reads keeps its connection open.
  await result.response?.body?.cancel().catch(() => {});
}

const total = Object.values(counts).reduce((a, b) => a + b, 0);
console.log(`${counts.ok} of ${total} ok, ${counts.notice} notices, ${counts.warn} warnings, ${counts.error} errors`);
process.exit(counts.ok === total ? 0 : 1);
