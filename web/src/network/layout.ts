// Where the nodes of a network are drawn: the one it is about in the middle, its
// neighbours on a ring around it, theirs on the next. Each gets as much of its ring
// as there is behind it. Nothing is left to chance, so a network looks the same
// every time.
import type { Relation, Thing } from './neighbours';

export interface Branch {
  thing: Thing;
  relation: Relation | null;
  // Null: not opened.
  branches: Branch[] | null;
}

export interface Spot {
  thing: Thing;
  relation: Relation | null;
  open: boolean;
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
    const { thing, relation, branches } = branch;
    spots.push({ thing, relation, open: branches !== null, ...here, angle, depth, from });
    const all = leaves(branch);
    let at = begin;
    for (const next of branches ?? []) {
      const width = ((end - begin) * leaves(next)) / all;
      put(next, depth + 1, at, at + width, here);
      at += width;
    }
  };
  put(root, 0, -Math.PI / 2, (3 * Math.PI) / 2, null);
  return spots;
}

// reach is how far from the middle the drawing goes, with room for the names.
export function reach(spots: readonly Spot[]): number {
  return Math.max(1, ...spots.map(({ depth }) => depth)) * ring + 260;
}

// grow opens a node wherever it stands. What is on the drawing already stays where
// it is, and is not drawn twice.
export function grow(root: Branch, id: string, neighbours: readonly { relation: Relation; thing: Thing }[]): Branch {
  const there = new Set(ids(root));
  const open = (branch: Branch): Branch => {
    if (branch.thing.id === id)
      return { ...branch, branches: neighbours.filter(({ thing }) => !there.has(thing.id)).map((one) => ({ ...one, branches: null })) };
    return branch.branches === null ? branch : { ...branch, branches: branch.branches.map(open) };
  };
  return open(root);
}

// shut closes a node again.
export function shut(root: Branch, id: string): Branch {
  if (root.thing.id === id) return { ...root, branches: null };
  return root.branches === null ? root : { ...root, branches: root.branches.map((branch) => shut(branch, id)) };
}

export function ids({ thing, branches }: Branch): string[] {
  return [thing.id, ...(branches ?? []).flatMap(ids)];
}
