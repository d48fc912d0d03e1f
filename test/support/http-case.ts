import { readFileSync } from 'node:fs';

/** One thing that happens on a connection. */
export type Step =
  /** The gateway refuses, and the service hears nothing of it. `4xx` stands for any of them. */
  | { readonly kind: 'refused'; readonly status: string }
  /** The service gets a request that every reader reads alike, and its answer gets back. */
  | { readonly kind: 'clean'; readonly request: string }
  /** The service gets the beginning of a request and sees the connection break: it cannot take it for a whole one. */
  | { readonly kind: 'cut'; readonly request: string };

export interface HttpCase {
  /** As they are sent, with a pause between two. */
  readonly pieces: readonly Buffer[];
  /** Any of these will do. */
  readonly outcomes: readonly (readonly Step[])[];
  /** What every request that arrives must and must not have. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly noHeaders: readonly string[];
  readonly nowhere: readonly string[];
  readonly body: string | undefined;
}

/**
 * The bytes of a connection, a dashed line, and what becomes of them. Line breaks of the file do not count;
 * `\r \n \t \0 \\ \xHH` are characters, `\(a*9)` is nine times `a`, and `\(pause)` waits before it sends the rest.
 */
export function readHttpCase(file: string): HttpCase {
  const [bytes = '', expected = ''] = readFileSync(file, 'utf8').split('\n---\n');
  const [outcomes = '', ...details] = expected.trimEnd().split('\n');
  const detail = (name: string): string[] =>
    details.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return {
    pieces: bytes
      .replaceAll('\n', '')
      .split('\\(pause)')
      .map((piece) => Buffer.from(unescaped(piece), 'latin1')),
    outcomes: outcomes.split(' or ').map((outcome) => (outcome === 'nothing' ? [] : outcome.split(' then ').map(step))),
    headers: detail('header').map((text) => text.split(': ', 2) as [string, string]),
    noHeaders: detail('no header'),
    nowhere: detail('nowhere'),
    body: detail('body').map(unescaped)[0],
  };
}

const characters: Record<string, string> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:x([0-9a-f]{2})|\((.)\*(\d+)\)|(.))/g, (_, hex?: string, one = '', times = '0', letter = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (letter === '') return (one as string).repeat(Number(times));
    const character = characters[letter as string];
    if (character === undefined) throw new Error(`unknown escape \\${letter as string}`);
    return character;
  });

function step(text: string): Step {
  if (/^\dxx$|^\d{3}$/.test(text)) return { kind: 'refused', status: text };
  const [, kind, request = ''] = /^(one clean|cut) request: (\S+ \S+)$/.exec(text) ?? [];
  if (kind === undefined) throw new Error(`not an expectation: ${text}`);
  return { kind: kind === 'cut' ? 'cut' : 'clean', request };
}
