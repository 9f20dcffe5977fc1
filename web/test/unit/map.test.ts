import { describe, expect, test } from 'vitest';

import { codeOf, count, of, tint, type Where } from '../../src/map/counts';
import shapes from '../../src/map/generated/shapes.json';
import { towards, type Place } from '../../src/map/shapes';

const town = (ineCode: string): Where => ({ __typename: 'Municipality', id: ineCode, ineCode });
const quarter: Where = { __typename: 'Neighbourhood', id: 'n', district: { id: 'd', municipality: { id: 'm', ineCode: '08019' } } };

describe('what happens where', () => {
  test('a quarter stands for its town, and a thing in two quarters of it is there once', () => {
    expect(codeOf(quarter)).toBe('08019');
    const counts = count({ events: [[town('08279')], [quarter, town('08019')]], projects: [[town('08279')]], tables: [[]] });
    expect(counts.get('08279')).toEqual({ events: 1, projects: 1, tables: 0 });
    expect(of(counts.get('08019'), 'events')).toBe(1);
    expect(of(counts.get('08279'), null)).toBe(2);
    expect(of(undefined, null)).toBe(0);
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
