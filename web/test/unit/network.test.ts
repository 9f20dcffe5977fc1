import { describe, expect, test } from 'vitest';

import { beside, fit, grow, ids, labels, layout, opened, seed, shut, type Branch } from '../../src/network/layout';
import type { Thing } from '../../src/network/neighbours';

const thing = (id: string): Thing => ({ __typename: 'Association', id, title: id });
const joined = (...names: string[]) => ({ list: names.map((id) => ({ relation: 'HAS_MEMBER' as const, thing: thing(id) })), more: [] });
const root: Branch = seed(thing('a'));

describe('a network', () => {
  test('grows without drawing anything twice, and closes again', () => {
    const one = grow(root, 'a', joined('b', 'c'));
    const two = grow(one, 'b', joined('a', 'c', 'd'));
    expect(ids(two)).toEqual(['a', 'b', 'd', 'c']);
    expect(opened(two)).toEqual(['b']);
    expect(ids(shut(two, 'b'))).toEqual(['a', 'b', 'c']);
  });

  test('takes more of what is open already', () => {
    const more = [{ relation: 'HAS_MEMBER' as const, cursor: 'x' }];
    const one = grow(root, 'a', { ...joined('b'), more });
    expect(one.more).toEqual(more);
    const two = grow(one, 'a', joined('b', 'c'));
    expect([ids(two), two.more]).toEqual([['a', 'b', 'c'], []]);
  });

  test('has what it is about in the middle and the rest on rings', () => {
    const spots = layout(grow(grow(root, 'a', joined('b', 'c')), 'b', joined('d')));
    const far = ({ x, y }: { x: number; y: number }) => Math.round(Math.hypot(x, y) / 10) * 10;
    expect(spots.map((spot) => [spot.branch.thing.id, far(spot)])).toEqual([
      ['a', 0],
      ['b', 220],
      ['d', 440],
      ['c', 220],
    ]);
  });

  test('has names that can be read on a telephone', () => {
    const one = layout(grow(root, 'a', joined('b', 'c')));
    const two = layout(grow(grow(root, 'a', joined('b', 'c')), 'b', joined('d')));
    for (const spots of [one, two])
      for (const width of [328, 700, 1200]) {
        const { far, size, letters, least } = fit(spots, width);
        const pixels = (size * Math.max(width, least)) / (2 * far);
        expect([pixels >= 12, letters >= 12, letters <= 26]).toEqual([true, true, true]);
      }
    expect(fit(one, 328).least).toBeLessThanOrEqual(328); // what is around a thing is seen at once
  });

  test('has short names that tell one from another', () => {
    const titles = ['Associació de dones la Maneta', 'Associació de veïns el Banc', 'Drets Socials i Serveis a les Persones', 'Rubí'];
    expect([...labels(titles, 14).values()]).toEqual(['… dones la …', '… veïns el …', 'Drets Socials …', 'Rubí']);
    expect([...labels(titles, 40).values()]).toEqual(titles);
  });

  test('is walked in with the arrow keys', () => {
    const spots = layout(grow(grow(root, 'a', joined('b', 'c')), 'b', joined('d')));
    const from = (id: string, key: string) => {
      const spot = spots.find(({ branch }) => branch.thing.id === id);
      return spot === undefined ? null : (beside(spot, key, spots)?.branch.thing.id ?? null);
    };
    expect([from('a', 'ArrowDown'), from('b', 'ArrowRight'), from('c', 'ArrowRight'), from('b', 'ArrowDown'), from('d', 'ArrowUp')]).toEqual(['b', 'c', 'b', 'd', 'b']);
    expect([from('a', 'ArrowUp'), from('c', 'ArrowDown'), from('c', 'x')]).toEqual([null, null, null]);
  });

  test('looks the same every time', () => {
    const grown = grow(root, 'a', joined('b', 'c', 'd'));
    expect(layout(grown)).toEqual(layout(grown));
  });
});
