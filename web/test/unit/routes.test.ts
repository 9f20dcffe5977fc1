import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { routes } from '../../src/app/routes';

const served = JSON.parse(readFileSync(new URL('../../src/routes.json', import.meta.url), 'utf8')) as string[];

test('the hub serves every page that the client has, and no other', () => {
  const paths = routes.flatMap(({ children }) => children ?? []).map(({ path }) => path ?? '');
  const patterns = paths.filter((path) => path !== '*').map((path) => path.replace(/:\w+/g, '*'));
  expect(patterns.sort()).toEqual([...served].sort());
});
