import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { Refusal } from '@libs/errors';

import { normalisePath, type PathPolicy } from './normalise-path.js';

const folder = join(import.meta.dirname, 'normalise-path.cases');
const keepFolder = join(import.meta.dirname, 'keep-encoded-slashes.cases');
const keep: PathPolicy = { keepsEncodedSlashes: true };

function outcomeOf(path: string, policy?: PathPolicy): string {
  try {
    return normalisePath(path, policy);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('normalisePath', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [input, expected] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    expect(outcomeOf(input?.replace(/^----$/, '') ?? '')).toBe(expected);
  });

  it.each(readdirSync(keepFolder))('where encoded slashes are kept: %s', (file) => {
    const [input = '', expected] = readFileSync(join(keepFolder, file), 'utf8').trimEnd().split('\n----\n');
    expect(outcomeOf(input, keep)).toBe(expected);
  });

  it('gives a path that it would leave as it is, or refuses', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '%2F', '%41', '%c3%a9', '%25', 'a', ';', '~', '%', '//', '|');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = outcomeOf(`/${pieces.join('')}`);
        expect(once === 'REQUEST_PATH_INVALID' ? once : outcomeOf(once)).toBe(once);
        expect(once).not.toMatch(/\/\/|\/\.{1,2}(?:\/|$)|%2f|%5c/i);
      }),
    );
  });

  it('gives a path that does not climb, even if a service decodes the slashes that are kept', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '%2F', '%2f', 'a', ';', '%5c', '//');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = outcomeOf(`/${pieces.join('')}`, keep);
        expect(once === 'REQUEST_PATH_INVALID' ? once : outcomeOf(once, keep)).toBe(once);
        expect(once.replaceAll('%2F', '/')).not.toMatch(/\/\.{1,2}(?:[;/]|$)/);
      }),
    );
  });
});
