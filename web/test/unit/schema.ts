// The contract that the client is written against.
import { readdirSync, readFileSync } from 'node:fs';

import { buildSchema } from 'graphql';

const folder = new URL('../../../schema/', import.meta.url);

export const schema = buildSchema(
  readdirSync(folder)
    .filter((name) => name.endsWith('.graphqls'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n'),
);
