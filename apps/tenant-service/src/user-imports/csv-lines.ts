import type { Readable } from 'node:stream';

import { parse } from 'csv-parse';

import { type FieldError, invalidField, Refusal } from '@libs/errors';

import { importColumns } from './imported-user.schema.js';

export type CsvLine =
  | { readonly number: number; readonly fields: Readonly<Record<string, string>> }
  | { readonly number: number; readonly reason: string; readonly errors?: readonly FieldError[] };

const maxLineBytes = 16 * 1024;
/** What a decoder puts where the bytes are none of UTF-8: a table in another encoding, most likely. */
const replacement = '\ufffd';
const needed = ['username', 'email'];

/** Otherwise what was read before a mistake, and not asked for yet, would go with it. The types know no stream options. */
const keptBeforeMistake: object = { autoDestroy: false };

interface CsvRecord {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Reads a table line by line, never more than a few of them at once. A line that is broken is told with its number, and
 * the next one is read; without a header that names the needed columns nothing is.
 */
export async function* csvLines(source: Readable): AsyncGenerator<CsvLine> {
  const parser = source.pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: maxLineBytes,
      ...keptBeforeMistake,
    }),
  );
  source.on('error', (error) => parser.destroy(error));
  let columns: readonly string[] | undefined;
  // csv-parse takes the CRLF inside quotes for two ends of a line.
  let [number, countedTwice] = [0, 0];
  try {
    for await (const { info, record } of parser as AsyncIterable<CsvRecord>) {
      countedTwice += record.join(' ').split('\r\n').length - 1;
      number = info.lines - countedTwice;
      if (columns === undefined) columns = headerOf(record);
      else if (record.some((field) => field.includes(replacement))) yield { number, reason: 'is not UTF-8' };
      else if (record.length === columns.length) yield { number, fields: zip(columns, record) };
      else yield { number, reason: `has ${record.length} columns instead of ${columns.length}` };
    }
  } catch (error) {
    throw asRefusal(error, number);
  }
  if (columns === undefined) throw invalidField('header', 'REQUIRED', 'The first line names the columns.');
}

function headerOf(record: readonly string[]): readonly string[] {
  const columns = record.map((name) => name.trim().toLowerCase());
  for (const name of needed) {
    if (!columns.includes(name)) throw invalidField('header', 'REQUIRED', `There is no column ${name}.`);
  }
  if (new Set(columns).size < columns.length) throw invalidField('header', 'INVALID', 'A column is there twice.');
  return columns;
}

function zip(columns: readonly string[], record: readonly string[]): Readonly<{ [name: string]: string }> {
  const known = columns.flatMap((name, index) =>
    (importColumns as readonly string[]).includes(name) ? [[name, record[index] ?? ''] as const] : [],
  );
  return Object.fromEntries(known);
}

/** After an open quote nobody knows where lines begin: what was read so far stays, and the rest is not guessed at. */
function asRefusal(error: unknown, lastRead: number): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (!code.startsWith('CSV_')) return error;
  return invalidField('csv', code, `The table cannot be read any further than line ${lastRead}.`);
}
