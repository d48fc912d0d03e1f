import { type Document, Scalar, visit } from 'yaml';

import type { Environment } from './environment.js';

interface Reference {
  readonly name: string;
  readonly fallback: string | undefined;
}

/** What is meant as it stands. */
interface Literal {
  readonly literal: string;
}

/** With a second `$` before it, it is no reference: `$${NAME}` is the text `${NAME}`. */
const reference = /\$(\$\{[^}\n]*\})|\$\{([A-Za-z_]\w*)(?::-([^}\n]*))?\}/g;

/** Private-use characters stand in for references: for YAML they are ordinary letters, unlike braces. */
const filler = '\uE000';
const firstMark = 0xe001;
const marked = /([\uE001-\uF8FF])\uE000*/g;

/**
 * Puts marks of the same length in the place of every `${NAME}` and `${NAME:-default}`, so that they may also stand
 * in `{ port: ${PORT} }`, and places in the text stay what they are.
 */
export function markReferences(text: string): {
  readonly text: string;
  readonly references: readonly (Reference | Literal)[];
} {
  const references: (Reference | Literal)[] = [];
  const marks = text.replaceAll(reference, (written: string, literal?: string, name = '', fallback?: string) => {
    references.push(literal === undefined ? { name, fallback } : { literal });
    return String.fromCharCode(firstMark + references.length - 1).padEnd(written.length, filler);
  });
  return { text: marks, references };
}

/**
 * Replaces the marks in a document by what the environment says. It is parsed by then: a value can become a string,
 * a number or a boolean, but no new structure.
 */
export function interpolate(
  document: Document,
  references: readonly (Reference | Literal)[],
  environment: Environment,
  report: (offset: number, message: string) => void,
): void {
  if (references.length === 0) return;
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string' || !node.value.includes(filler)) return;
      const text = node.value.replaceAll(marked, (written, mark: string) => {
        const found = references[mark.charCodeAt(0) - firstMark];
        if (found === undefined) return written;
        if ('literal' in found) return found.literal;
        const value = environment[found.name] || found.fallback;
        if (value === undefined) report(node.range?.[0] ?? 0, `the environment does not set ${found.name}`);
        return value ?? '';
      });
      node.value = node.type === Scalar.PLAIN ? typedValue(text) : text;
    },
  });
}

/** What an unquoted `${PORT:-8080}` means is what an unquoted `8080` means. */
function typedValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
