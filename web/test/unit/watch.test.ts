// What somebody wanted to follow before they signed in.
import { beforeEach, expect, test, vi } from 'vitest';

import { keepIntent, takeIntent } from '../../src/watch/intent';

beforeEach(() => {
  const kept = new Map<string, string>();
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  vi.stubGlobal('window', { sessionStorage });
});

test('an intent is found once, on the page of its thing', () => {
  keepIntent('or_1', 1_000);
  expect(takeIntent('or_2', 2_000)).toBe(false);
  expect(takeIntent('or_1', 2_000)).toBe(true);
  expect(takeIntent('or_1', 2_000)).toBe(false);
});

test('an intent does not wait for who comes an hour later', () => {
  keepIntent('or_1', 0);
  expect(takeIntent('or_1', 60 * 60_000)).toBe(false);
});
