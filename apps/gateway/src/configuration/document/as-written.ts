import { mapLeaves, type SchemaNode } from './schema-tree.js';

const units = {
  ms: [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ],
  bytes: [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
    ['B', 1],
  ],
} as const;

/** A parsed configuration as people would write it, `10s` rather than 10000. Parsed again, it is the same. */
export const asWritten = (configuration: unknown): unknown =>
  mapLeaves(configuration, (leaf, node) => (typeof leaf === 'number' ? written(leaf, node) : leaf));

function written(amount: number, node: SchemaNode | undefined): string | number {
  if (node?.unit === undefined) return amount;
  const candidates: readonly (readonly [string, number])[] = units[node.unit];
  const [name, size] = candidates.find(([, size]) => amount !== 0 && amount % size === 0) ?? [zeroUnits[node.unit], 1];
  return `${amount / size}${name}`;
}

const zeroUnits = { ms: 's', bytes: 'B' } as const;
