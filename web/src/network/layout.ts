// Where the nodes of a network are drawn: the one it is about in the middle, its
// neighbours on a ring around it, theirs on the next. Each gets as much of its ring
// as there is behind it. Nothing is left to chance, so a network looks the same
// every time.
import type { More, Neighbours, Relation, Thing } from './neighbours';

export interface Branch {
  thing: Thing;
  relation: Relation | null;
  // Null: not opened.
  branches: Branch[] | null;
  // By which relations there are more than are shown.
  more: readonly More[];
}

export function seed(thing: Thing): Branch {
  return { thing, relation: null, branches: null, more: [] };
}

export interface Spot {
  branch: Branch;
  x: number;
  y: number;
  angle: number;
  depth: number;
  from: { x: number; y: number } | null;
}

const ring = 220;

function leaves({ branches }: Branch): number {
  return Math.max(1, (branches ?? []).reduce((sum, branch) => sum + leaves(branch), 0));
}

export function layout(root: Branch): Spot[] {
  const spots: Spot[] = [];
  const put = (branch: Branch, depth: number, begin: number, end: number, from: Spot['from']) => {
    const angle = (begin + end) / 2;
    const here = { x: Math.round(Math.cos(angle) * ring * depth), y: Math.round(Math.sin(angle) * ring * depth) };
    spots.push({ branch, ...here, angle, depth, from });
    const all = leaves(branch);
    let at = begin;
    for (const next of branch.branches ?? []) {
      const width = ((end - begin) * leaves(next)) / all;
      put(next, depth + 1, at, at + width, here);
      at += width;
    }
  };
  put(root, 0, -Math.PI / 2, (3 * Math.PI) / 2, null);
  return spots;
}

// beside is where an arrow key leads: inwards, outwards, or around among what hangs
// on the same node; null where there is nothing. Around from the middle is outwards.
export function beside(spot: Spot, key: string, spots: readonly Spot[]): Spot | null {
  const { branch } = spot;
  const holder = spots.find(({ branch: { branches } }) => branches?.includes(branch));
  const around = holder?.branch.branches ?? [];
  const spotOf = (wanted: Branch | undefined) => spots.find((one) => one.branch === wanted) ?? null;
  const step = (by: number) => spotOf(around[(around.indexOf(branch) + by + around.length) % around.length]);
  switch (key) {
    case 'ArrowUp':
      return holder ?? null;
    case 'ArrowDown':
      return spotOf(branch.branches?.[0]);
    case 'ArrowRight':
      return holder === undefined ? spotOf(branch.branches?.[0]) : step(1);
    case 'ArrowLeft':
      return holder === undefined ? spotOf(branch.branches?.at(-1)) : step(-1);
    default:
      return null;
  }
}

export interface Fit {
  // How far from the middle the drawing goes, with room for the names.
  far: number;
  // The height of the names, and how many letters of them there is room for.
  size: number;
  letters: number;
  // How wide the drawing has to be at least, in pixels of the screen.
  least: number;
}

// Names are at least so many pixels high on the screen, and never higher than so
// many units of the drawing, beyond which it is made wider than the screen instead.
const legible = 12.5;
const tallest = 46;

// fit makes the names of a drawing legible on a screen so many pixels wide: on a
// telephone they are higher for their rings, and fewer letters of them are drawn.
export function fit(spots: readonly Spot[], width: number): Fit {
  const room = width < 500 ? 340 : 260;
  const far = Math.max(1, ...spots.map(({ depth }) => depth)) * ring + room;
  const size = Math.min(tallest, Math.max(17, (legible * 2 * far) / width));
  return { far, size, letters: Math.min(26, Math.floor((room - 20) / (0.5 * size))), least: Math.ceil((legible * 2 * far) / tallest) };
}

// labels are names as they are drawn. One that is too long is cut between words
// where it can be, so that who speaks to the page says what they read; and where
// others would look the same, what it begins with like them is left out instead.
export function labels(titles: readonly string[], letters: number): ReadonlyMap<string, string> {
  const all = [...new Set(titles)];
  const cuts = all.map((title) => cut(title, letters));
  return new Map(
    all.map((title, at) => {
      const [short = title] = cuts.slice(at);
      const alone = short === title || cuts.indexOf(short) === cuts.lastIndexOf(short);
      if (alone) return [title, short];
      const words = title.split(' ');
      const like = Math.max(...all.map((other) => (other === title ? 0 : shared(words, other.split(' ')))));
      return [title, like < words.length ? `… ${cut(words.slice(like).join(' '), letters - 2)}` : short];
    }),
  );
}

function cut(title: string, letters: number): string {
  if (title.length <= letters) return title;
  const at = title.slice(0, letters).lastIndexOf(' ');
  return at <= letters / 2 ? `${title.slice(0, letters - 1)}…` : `${title.slice(0, at)} …`;
}

// shared is with how many words both begin.
function shared(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((word, at) => word !== other[at]);
  return end < 0 ? one.length : end;
}

// grow opens a node wherever it stands, or adds to what is behind it. What is on
// the drawing already stays where it is, and is not drawn twice.
export function grow(root: Branch, id: string, { list, more }: Neighbours): Branch {
  const there = new Set(ids(root));
  const fresh = list.filter(({ thing }) => !there.has(thing.id)).map((one) => ({ ...one, branches: null, more: [] }));
  return at(root, id, (branch) => ({ ...branch, branches: [...(branch.branches ?? []), ...fresh], more }));
}

// at changes the branch of a node.
function at(root: Branch, id: string, change: (branch: Branch) => Branch): Branch {
  if (root.thing.id === id) return change(root);
  return root.branches === null ? root : { ...root, branches: root.branches.map((branch) => at(branch, id, change)) };
}

// shut closes a node again.
export function shut(root: Branch, id: string): Branch {
  return at(root, id, (branch) => ({ ...branch, branches: null, more: [] }));
}

// opened are the nodes that are open beside the one in the middle, outermost last.
export function opened({ branches }: Branch): string[] {
  return (branches ?? []).flatMap((branch) => (branch.branches === null ? [] : [branch.thing.id, ...opened(branch)]));
}

export function ids({ thing, branches }: Branch): string[] {
  return [thing.id, ...(branches ?? []).flatMap(ids)];
}
