import { describe, expect, test } from 'vitest';

import { grow, ids, layout, shut, type Branch } from '../../src/network/layout';
import type { Thing } from '../../src/network/neighbours';

const thing = (id: string): Thing => ({ __typename: 'Association', id, title: id }) as Thing;
const joined = (...names: string[]) => names.map((id) => ({ relation: 'member' as const, thing: thing(id) }));
const root: Branch = { thing: thing('a'), relation: null, branches: null };

describe('a network', () => {
  test('grows without drawing anything twice, and closes again', () => {
    const one = grow(root, 'a', joined('b', 'c'));
    const two = grow(one, 'b', joined('a', 'c', 'd'));
    expect(ids(two)).toEqual(['a', 'b', 'd', 'c']);
    expect(ids(shut(two, 'b'))).toEqual(['a', 'b', 'c']);
  });

  test('has what it is about in the middle and the rest on rings', () => {
    const spots = layout(grow(grow(root, 'a', joined('b', 'c')), 'b', joined('d')));
    const far = ({ x, y }: { x: number; y: number }) => Math.round(Math.hypot(x, y) / 10) * 10;
    expect(spots.map((spot) => [spot.thing.id, far(spot)])).toEqual([
      ['a', 0],
      ['b', 220],
      ['d', 440],
      ['c', 220],
    ]);
  });

  test('looks the same every time', () => {
    const grown = grow(root, 'a', joined('b', 'c', 'd'));
    expect(layout(grown)).toEqual(layout(grown));
  });
});
