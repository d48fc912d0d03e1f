import type { ServerResponse } from 'node:http';

import type { HeaderRules } from './header-rules.js';

/** RFC 9110 §6.5.1: what says how to read, route or admit a message cannot come after it. */
const tooLate = new Set([
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'max-forwards',
  'range',
  'set-cookie',
  'via',
]);

const none: readonly string[] = [];

/** The trailers that may go on, as name, value, name, value. */
export function passingTrailers(rawTrailers: readonly string[], rules: HeaderRules): readonly string[] {
  if (rawTrailers.length === 0) return none;
  const passing: string[] = [];
  for (let index = 0; index < rawTrailers.length; index += 2) {
    const name = (rawTrailers[index] ?? '').toLowerCase();
    if (rules.passes(name) && !tooLate.has(name)) passing.push(name, rawTrailers[index + 1] ?? '');
  }
  return passing;
}

/** Without chunks HTTP/1 has no place for them, and they are left out. */
export function addTrailers(response: ServerResponse, trailers: readonly string[]): void {
  const fields: Record<string, string> = {};
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? '';
    const before = fields[name];
    const value = trailers[index + 1] ?? '';
    fields[name] = before === undefined ? value : `${before}, ${value}`;
  }
  response.addTrailers(fields);
}
