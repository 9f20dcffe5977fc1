import { readdirSync, readFileSync } from 'node:fs';

import { Kind, parse, validate, visit, type DefinitionNode, type FragmentDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { firstEventQuery, following, terrassa, upcoming } from '../../src/examples';
import { schema } from './schema';

const source = new URL('../../src/', import.meta.url);

// definitions are all that the client asks, where it stands in graphql(`…`).
function definitions(): DefinitionNode[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  return files.flatMap((name) => {
    const text = readFileSync(new URL(name, source), 'utf8');
    const documents = [...text.matchAll(/\bgraphql\(\s*`([^`]*)`/g)].map(([, document]) => document ?? '');
    return documents.flatMap((document) => parse(document).definitions);
  });
}

const all = definitions();
const fragments = new Map(all.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]));
const operations = all.filter((one) => one.kind === Kind.OPERATION_DEFINITION);

// within lists the fragments that a definition uses, and those that they use.
function within(definition: DefinitionNode, found = new Set<FragmentDefinitionNode>()): Set<FragmentDefinitionNode> {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || found.has(fragment)) return;
      found.add(fragment);
      within(fragment, found);
    },
  });
  return found;
}

describe('what the client asks', () => {
  test('there is something to look at', () => {
    expect(operations.length).toBeGreaterThan(2);
  });

  test.each(operations.map((one) => [one.name?.value ?? '?', one] as const))('%s fits the contract', (_, operation) => {
    const document = { kind: Kind.DOCUMENT, definitions: [operation, ...within(operation)] } as const;
    expect(validate(schema, document).map((error) => error.message)).toEqual([]);
  });

  test('every name is used once', () => {
    const names = all.map((one) => ('name' in one ? one.name?.value : undefined));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('examples of GraphiQL', () => {
  test.each(Object.entries({ terrassa, upcoming, following, firstEventQuery }))('%s fits the contract', (_, document) => {
    expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
  });
});
