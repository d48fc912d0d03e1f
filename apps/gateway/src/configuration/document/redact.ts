import type { Environment } from '@libs/config';

import { isMarked, mapLeaves, type Path } from './schema-tree.js';

export const redacted = '[redacted]';

/** Names of fields, headers and variables whose values are nobody's business. */
const secretName = /password|passphrase|secret|token|credential|authorization|cookie|private|[-_]key$|api-?key$/i;

const userInfo = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@"/]+@/gi;

/**
 * A configuration that may be shown: without what the schema calls secret, what is named like a secret, passwords in
 * URLs, and whatever came out of a variable that is named like one.
 */
export function redact(configuration: unknown, environment: Environment = {}): unknown {
  const secrets = Object.entries(environment)
    .filter(([name, value]) => secretName.test(name) && (value ?? '').length >= 4)
    .map(([, value]) => value as string);
  const withoutSecrets = (text: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, redacted), text);

  return mapLeaves(configuration, (leaf, node, path) => {
    if (typeof leaf !== 'string' || leaf === '' || isMarked(node, 'file')) return leaf;
    if (isMarked(node, 'secret') || isNamedSecret(path) || belongsToSecret(configuration, path)) return redacted;
    return withoutSecrets(leaf.replaceAll(userInfo, `$1:${redacted}@`));
  });
}

const isNamedSecret = (path: Path): boolean => {
  const last = path.at(-1);
  return typeof last === 'string' && secretName.test(last);
};

/** `{ name: X-Api-Key, is: … }`: what a header of that name is compared with. */
function belongsToSecret(configuration: unknown, path: Path): boolean {
  if (path.at(-1) === 'name') return false;
  return [-1, -2].some((end) => {
    const { name } = (valueAt(configuration, path.slice(0, end)) ?? {}) as { name?: unknown };
    return typeof name === 'string' && secretName.test(name);
  });
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((part, key) => (part as Record<string | number, unknown> | null | undefined)?.[key], value);
