import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { redirect as redirectSchema } from '../../configuration/schema/direct-answer.schema.js';
import { parsePathPattern } from '../../http/path-pattern.js';
import type { RoutableRequest } from './routable-request.js';
import { compileRedirect, locationFor } from './redirect.js';

const folder = join(import.meta.dirname, 'redirect.cases');

const askedFor = (url: string, host = 'Shop.Example.com:8080'): RoutableRequest => {
  const [path = '', query] = url.split('?');
  return { method: 'GET', host, path, query: query === undefined ? '' : `?${query}`, headers: {} };
};

describe('a redirect', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [config = '', outcomes = ''] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    const { path, ...rest } = parse(config) as { path: string };
    const redirect = compileRedirect(redirectSchema.parse(rest), parsePathPattern(path));
    const seen = outcomes.split('\n').map((line) => {
      const [url = ''] = line.split(' -> ');
      return `${url} -> ${redirect.status} ${locationFor(redirect, askedFor(url))}`;
    });
    expect(seen.join('\n')).toBe(outcomes);
  });

  it('goes to no host that is none', () => {
    const redirect = compileRedirect(redirectSchema.parse({ to: 'https://{host}/**' }), parsePathPattern('/**'));
    for (const host of ['a/b', 'a@b', 'a b', '']) {
      expect(() => locationFor(redirect, askedFor('/', host))).toThrow(
        expect.objectContaining({ code: 'REQUEST_HEADER_INVALID' }),
      );
    }
  });

  it.each([
    'evil.example',
    'ftp://a/b',
    'javascript:alert(1)',
    'https://a',
    'https://{other}/',
    'https://a@b/',
    '/a b',
  ])('does not lead to %s', (to) => {
    expect(redirectSchema.safeParse({ to }).success).toBe(false);
  });
});
