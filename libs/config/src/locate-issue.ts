import { type Document, isMap, isNode, isPair, isScalar, type Node } from 'yaml';
import type { z } from 'zod';

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One finding per wrong place: each unknown key by itself, and a union by the alternative that came closest. */
export function flattenIssues(issues: readonly z.core.$ZodIssue[], parents: readonly PropertyKey[] = []): Finding[] {
  return issues.flatMap((issue) => {
    const path = [...parents, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known key' }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
      if (depth(deepest) > 0) return flattenIssues(deepest, path);
    }
    if (issue.code === 'invalid_key') return { path, message: issue.issues[0]?.message ?? issue.message };
    return { path, message: issue.message };
  });
}

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** Where in the text a path is; for a key that is missing, where its parent is. */
export function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const key = keyAt(document, path);
  if (key !== undefined) return key;
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

/** Where the value at a path begins; -1 when it is not there. */
export function valueOffsetOf(document: Document, path: readonly PropertyKey[]): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : -1;
}

function keyAt(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return isPair(pair) ? (pair.key as Node).range?.[0] : undefined;
}
