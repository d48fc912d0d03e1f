import { readFileSync } from 'node:fs';

/** What docs/operations.md says of an outage: for each thing that customers do, what becomes of it. */
export type Promised = Readonly<Record<string, string>>;

/** The table below the line `<!-- outages -->`: a row for what is stopped, a column for each request. */
export function promisedOutages(file = 'docs/operations.md'): Readonly<Record<string, Promised>> {
  const [, after = ''] = readFileSync(file, 'utf8').split('<!-- outages -->');
  const lines = after.trimStart().split('\n');
  const table = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  const [head = [], , ...rows] = table.map((line) => line.split('|').slice(1, -1).map(plain));
  return Object.fromEntries(
    rows.map(([stopped = '', ...cells]) => [
      stopped,
      Object.fromEntries(cells.map((cell, at) => [head[at + 1] ?? '', cell])),
    ]),
  );
}

const plain = (cell: string): string => cell.replaceAll('`', '').trim();
