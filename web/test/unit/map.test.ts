import { describe, expect, test } from 'vitest';

import { of, tint } from '../../src/map/counts';
import shapes from '../../src/map/generated/shapes.json';
import { towards, type Place } from '../../src/map/shapes';

describe('what happens where', () => {
  test('is counted of one sort, or of all', () => {
    const here = { events: 1, projects: 2, tables: 3 };
    expect([of(here, null), of(here, 'projects'), of(undefined, 'events')]).toEqual([6, 2, 0]);
  });

  test('has four tints', () => {
    expect([0, 1, 2, 4, 5, 99].map(tint)).toEqual([0, 1, 2, 2, 3, 3]);
  });
});

describe('the map', () => {
  const places = shapes.municipalities as unknown as Place[];

  test('has the 311 municipalities, each with an outline', () => {
    expect(new Set(places.map(({ code }) => code)).size).toBe(311);
    expect(places.every(({ outline }) => outline.startsWith('M'))).toBe(true);
  });

  test('every municipality is reached from Barcelona by the arrow keys', () => {
    const reached = new Set([places.find(({ code }) => code === '08019')]);
    for (const place of reached) {
      for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
        const next = place === undefined ? null : towards(place, key, places);
        if (next !== null) reached.add(next);
      }
    }
    const missed = places.filter((place) => !reached.has(place)).map(({ name }) => name);
    expect(missed).toEqual([]);
  });
});
