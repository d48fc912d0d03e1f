import type { Change } from './diff-configurations.js';

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** One line each: `~ services.shop.timeouts.connect: 2s -> 3s`. */
export const printChanges = (changes: readonly Change[]): string[] =>
  changes.map((change) => `${signs[change.kind]} ${pathOf(change)}: ${valuesOf(change)}`);

const pathOf = ({ path }: Change): string =>
  path.reduce((text, part) => {
    if (/[^\w-]/.test(part)) return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');

function valuesOf({ kind, before, after }: Change): string {
  if (kind === 'added') return print(after);
  return kind === 'removed' ? print(before) : `${print(before)} -> ${print(after)}`;
}

const print = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
