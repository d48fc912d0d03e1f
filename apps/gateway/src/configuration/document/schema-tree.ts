import { z } from 'zod';

import { gatewayConfiguration } from '../check/gateway-configuration.js';

/** What the schema knows about the value at one place of a configuration. */
export interface SchemaNode {
  readonly unit?: 'ms' | 'bytes';
  readonly file?: boolean;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

let tree: SchemaNode | undefined;

const configurationTree = (): SchemaNode =>
  (tree ??= z.toJSONSchema(gatewayConfiguration, { io: 'input', unrepresentable: 'any' }) as SchemaNode);

/** Undefined where the schema says nothing. */
function nodeBelow(node: SchemaNode | undefined, key: string | number): SchemaNode | undefined {
  if (node === undefined) return undefined;
  if (typeof key === 'number' && node.items !== undefined) return node.items;
  if (node.properties !== undefined && Object.hasOwn(node.properties, key)) return node.properties[key];
  if (typeof node.additionalProperties === 'object') return node.additionalProperties;
  return node.anyOf?.map((alternative) => nodeBelow(alternative, key)).find((found) => found !== undefined);
}

export const isMarked = (node: SchemaNode | undefined, mark: 'file' | 'secret'): boolean =>
  node?.[mark] === true || (node?.anyOf ?? []).some((alternative) => isMarked(alternative, mark));

export type Path = readonly (string | number)[];
type Replace = (leaf: unknown, node: SchemaNode | undefined, path: Path) => unknown;

/** A copy of a value in which `replace` has had its say about everything that is neither a list nor a mapping. */
export function mapLeaves(value: unknown, replace: Replace, node = configurationTree(), path: Path = []): unknown {
  return mapBelow(value, replace, node, path);
}

function mapBelow(value: unknown, replace: Replace, node: SchemaNode | undefined, path: Path): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => mapBelow(item, replace, nodeBelow(node, index), [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return replace(value, node, path);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, mapBelow(part, replace, nodeBelow(node, key), [...path, key])]),
  );
}
