// The outlines of the municipalities, fetched when a map is shown.
import { use } from 'react';

export interface Place {
  code: string;
  name: string;
  comarca: string;
  outline: string;
  at: [number, number];
}

export interface Shapes {
  width: number;
  height: number;
  municipalities: readonly Place[];
  comarques: string;
}

let fetched: Promise<Shapes> | null = null;

function shapes(): Promise<Shapes> {
  fetched ??= import('./generated/shapes.json').then((module) => module.default as unknown as Shapes);
  return fetched;
}

// useShapes gives them, and suspends until they are there.
export function useShapes(): Shapes {
  return use(shapes());
}

type Point = readonly [number, number];

const directions: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// towards is the place next to one in the direction of an arrow key: the nearest
// of those that lie more that way than aside. Null for other keys and at the edge.
export function towards(from: Place, key: string, places: readonly Place[]): Place | null {
  const way = directions[key];
  if (way === undefined) return null;
  const measured = places.flatMap((place) => {
    const [x, y] = [place.at[0] - from.at[0], place.at[1] - from.at[1]];
    const along = x * way[0] + y * way[1];
    const aside = Math.abs(x * way[1]) + Math.abs(y * way[0]);
    return along > 0 && aside <= along ? [{ place, far: along + aside * 2 }] : [];
  });
  return measured.sort((one, other) => one.far - other.far)[0]?.place ?? null;
}
