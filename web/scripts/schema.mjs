// Makes what the compiler and the cache must know of the contract in ../schema:
//
//   src/api/generated/schema.graphql   all files of the contract as one, of
//                                      which gql.tada makes schema.d.ts
//   src/api/generated/contract.ts      what the cache cannot guess
//
// None of it is committed: `npm run generate` makes it before every check,
// test and build. A file is written only when it would differ.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';

import { buildSchema, isAbstractType, isObjectType } from 'graphql';

const contract = new URL('../../schema/', import.meta.url);
const generated = new URL('../src/api/generated/', import.meta.url);

async function wholeContract() {
  const names = (await readdir(contract)).filter((name) => name.endsWith('.graphqls')).sort();
  const files = await Promise.all(names.map((name) => readFile(new URL(name, contract), 'utf8')));
  return files.join('\n');
}

function typesOf(schema) {
  return Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
}

// Which types stand behind an interface.
function possibleTypes(schema) {
  const abstract = typesOf(schema).filter(isAbstractType);
  return Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]));
}

// Types without an identifier: they are kept inside what they belong to.
function embedded(schema) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const keyless = typesOf(schema).filter((type) => isObjectType(type) && !roots.includes(type) && !type.getFields().id);
  return keyless.map(({ name }) => name).sort();
}

async function write(name, text) {
  const file = new URL(name, generated);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before !== text) await writeFile(file, text);
}

const sdl = await wholeContract();
const schema = buildSchema(sdl);
await mkdir(generated, { recursive: true });
await write('schema.graphql', sdl);
await write(
  'contract.ts',
  `export const possibleTypes = ${JSON.stringify(possibleTypes(schema), null, 2)};\n` +
    `export const embedded = ${JSON.stringify(embedded(schema), null, 2)};\n`,
);
