import { isDeepStrictEqual } from 'node:util';

import { isTree, keyed, type Tree, unkeyed } from './keyed.js';

/** One difference between two configurations. */
export interface Change {
  /** For instance `routes`, `projects`, `rateLimits`: items of lists go by their names. */
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent when it was added. */
  readonly before?: unknown;
  /** Absent when it was removed. */
  readonly after?: unknown;
}

/** What would have to be done to `before` to make `after` of it: as little as possible, a new route in one piece. */
export const diffConfigurations = (before: unknown, after: unknown): Change[] => [
  ...changesBelow(keyed(before), keyed(after), []),
];

function* changesBelow(before: Tree, after: Tree, parents: readonly string[]): Generator<Change> {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = [...parents, key];
    const [old, next] = [before[key], after[key]];
    if (isDeepStrictEqual(old, next)) continue;
    if (old === undefined) yield { path, kind: 'added', after: next };
    else if (next === undefined) yield { path, kind: 'removed', before: old };
    else if (isTree(old) && isTree(next)) yield* changesBelow(old, next, path);
    else yield { path, kind: 'changed', before: old, after: next };
  }
}

/** Does to a configuration what the changes say. */
export function applyChanges(configuration: unknown, changes: readonly Change[]): unknown {
  return unkeyed(changes.reduce((tree, { path, after }) => withValue(tree, path, after), keyed(configuration)));
}

function withValue(tree: Tree, [key = '', ...rest]: readonly string[], value: unknown): Tree {
  if (rest.length > 0) {
    const below = tree[key];
    return { ...tree, [key]: withValue(isTree(below) ? below : {}, rest, value) };
  }
  const { [key]: _, ...others } = tree;
  return value === undefined ? others : { ...others, [key]: value };
}
