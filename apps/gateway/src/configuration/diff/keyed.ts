/** Lists whose order means nothing, and the field by which their items are told apart. */
const lists: readonly { readonly path: readonly string[]; readonly key: string }[] = [
  { path: ['routes'], key: 'id' },
  { path: ['services', '*', 'instances'], key: 'url' },
  { path: ['authentication', 'jwt', 'issuers'], key: 'issuer' },
];

export type Tree = { readonly [key: string]: unknown };

/**
 * A configuration in which such lists are mappings, so that a route which moved to another place in the file is the
 * same route.
 */
export const keyed = (configuration: unknown): Tree => keyedBelow(configuration, []) as Tree;

/** The inverse, but for the order of those lists. */
export const unkeyed = (tree: unknown): unknown => unkeyedBelow(tree, []);

function keyedBelow(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const key = keyOf(path);
    if (key === undefined || !areToldApart(value, key)) return value;
    return Object.fromEntries(
      value.map((item: Tree) => [String(item[key]), keyedBelow(item, [...path, String(item[key])])]),
    );
  }
  return isTree(value) ? mapTree(value, path, keyedBelow) : value;
}

function unkeyedBelow(value: unknown, path: readonly string[]): unknown {
  if (!isTree(value)) return value;
  const inside = mapTree(value, path, unkeyedBelow);
  return keyOf(path) === undefined ? inside : Object.values(inside);
}

const mapTree = (
  tree: Tree,
  path: readonly string[],
  map: (value: unknown, path: readonly string[]) => unknown,
): Tree => Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, map(part, [...path, key])]));

const keyOf = (path: readonly string[]): string | undefined =>
  lists.find(
    (list) => list.path.length === path.length && list.path.every((part, at) => part === '*' || part === path[at]),
  )?.key;

const areToldApart = (items: readonly unknown[], key: string): boolean =>
  items.every(isTree) && new Set(items.map((item) => (item as Tree)[key])).size === items.length;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
