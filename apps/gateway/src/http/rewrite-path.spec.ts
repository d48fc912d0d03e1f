import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parsePathPattern } from './path-pattern.js';
import { compileRewrite, rewritePath } from './rewrite-path.js';
import { withoutPrefix } from './strip-prefix.js';

const folder = join(import.meta.dirname, 'rewrite-path.cases');

describe('rewritePath', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [rule = '', paths = ''] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    const [from = '', verb, target = ''] = rule.split(' ');
    const to = verb === 'without' ? (withoutPrefix(from, target) ?? '') : target;
    const rewrite = compileRewrite(parsePathPattern(from), parsePathPattern(to));
    const outcomes = paths.split('\n').map((line) => {
      const [path = ''] = line.split(' -> ');
      return `${path} -> ${rewritePath(path, rewrite)}`;
    });
    expect(outcomes.join('\n')).toBe(paths);
  });
});

describe('withoutPrefix', () => {
  it.each([
    ['/api/v1/**', '/api', '/v1/**'],
    ['/api/v1/**', '/api/', '/v1/**'],
    ['/api/**', '/api', '/**'],
    ['/api', '/api', '/'],
    ['/{tenant}/things/{id}', '/{tenant}', '/things/{id}'],
    ['/apiary', '/api', undefined],
    ['/v1/api', '/api', undefined],
  ])('of %s without %s leaves %s', (path, prefix, left) => {
    expect(withoutPrefix(path, prefix)).toBe(left);
  });
});
