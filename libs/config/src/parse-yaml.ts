import { readFileSync } from 'node:fs';

import { type Document, isScalar, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml';
import type { z } from 'zod';

import { ConfigError, type ConfigMistake } from './config-error.js';
import { type Environment, processEnvironment } from './environment.js';
import { interpolate, markReferences } from './interpolate.js';
import { flattenIssues, offsetOf, valueOffsetOf } from './locate-issue.js';

export interface ParseYamlOptions {
  /** Named in mistakes: a file, or where else the text came from. */
  readonly source: string;
  readonly env: Environment;
  /** Looks at, and may change, what the document says before the schema does. */
  readonly prepare?: (value: unknown, report: ReportMistake) => unknown;
  /** Looks at what is right in itself, beside what was written, and says what is strange in it. */
  readonly review?: (parsed: unknown, written: unknown, say: Say) => void;
  /** Hears of what `review` warns of, by place. Not called when there is nothing, or a mistake. */
  readonly onWarnings?: (warnings: readonly ConfigMistake[]) => void;
}

/** How a review says what it has found. */
export interface Say {
  readonly mistake: ReportMistake;
  readonly warning: ReportMistake;
}

/** Adds a mistake, at the place in the text where the path is. */
export type ReportMistake = (path: readonly PropertyKey[], message: string) => void;

/** Reads and validates a YAML file. Throws one `ConfigError` with every mistake. */
export function readYaml<T extends z.ZodType>(path: string, schema: T): z.output<T> {
  return parseYaml(textOf(path), schema, { source: path, env: processEnvironment() });
}

/** As `readYaml`, without a file. `${NAME}` and `${NAME:-default}` in scalars are taken from `env`. */
export function parseYaml<T extends z.ZodType>(
  text: string,
  schema: T,
  { source, env, prepare = (value) => value, review, onWarnings }: ParseYamlOptions,
): z.output<T> {
  const lines = new LineCounter();
  const marked = markReferences(text);
  const document = parseDocument(marked.text, { lineCounter: lines, prettyErrors: false });
  const mistakes: ConfigMistake[] = [];
  const placed = (offset: number, path: readonly PropertyKey[], message: string): ConfigMistake => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col, path: path.map(String).join('.'), message };
  };
  const report = (offset: number, path: readonly PropertyKey[], message: string): void =>
    void mistakes.push(placed(offset, path, message));

  for (const error of withoutEchoes(document.errors, lines)) report(error.pos[0], [], error.message);
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        report(alias.range?.[0] ?? 0, [], `nothing is called &${alias.source}`);
    },
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);

  // What is not there is one mistake, whatever the schema would say of the hole.
  const holes = new Set<number>();
  interpolate(document, marked.references, env, (offset, message) => {
    holes.add(offset);
    report(offset, [], message);
  });
  const reportAt: ReportMistake = (path, message) => {
    if (!holes.has(valueOffsetOf(document, path))) report(offsetOf(document, path), path, message);
  };

  const written = prepare(plainValue(document, report), reportAt);
  const parsed = schema.safeParse(written);
  for (const { path, message } of flattenIssues(parsed.error?.issues ?? [])) reportAt(path, message);
  const warnings: ConfigMistake[] = [];
  if (mistakes.length === 0) {
    const warning: ReportMistake = (path, message) =>
      void warnings.push(placed(offsetOf(document, path), path, message));
    review?.(parsed.data, written, { mistake: reportAt, warning });
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.toSorted(byPlace));
  if (warnings.length > 0) onWarnings?.(warnings.toSorted(byPlace));
  return parsed.data as z.output<T>;
}

const mostSyntaxErrors = 10;

/** One slip makes a parser stumble again and again: of each line, the first complaint counts. */
function withoutEchoes(errors: readonly YAMLParseError[], lines: LineCounter): readonly YAMLParseError[] {
  const firstOfLine = new Map<number, YAMLParseError>();
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0]);
    if (!firstOfLine.has(line)) firstOfLine.set(line, error);
    if (firstOfLine.size === mostSyntaxErrors) break;
  }
  return [...firstOfLine.values()];
}

const byPlace = (a: ConfigMistake, b: ConfigMistake): number => a.line - b.line || a.column - b.column;

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new ConfigError([{ source: path, line: 0, column: 0, path: '', message: reason }]);
  }
}

/** An empty document counts as an empty mapping, so that its mistakes name the keys that are missing. */
function plainValue(document: Document, report: (offset: number, path: [], message: string) => void): unknown {
  try {
    return document.contents === null || (isScalar(document.contents) && document.contents.value === null)
      ? {}
      : document.toJS();
  } catch (error) {
    report(0, [], (error as Error).message);
    return {};
  }
}
