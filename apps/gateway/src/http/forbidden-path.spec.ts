import { isForbiddenPath } from './forbidden-path.js';

describe('isForbiddenPath', () => {
  it.each([
    '/internal',
    '/internal/users',
    '/INTERNAL/users',
    '/internal;a=b/users',
    '/actuator/env',
    '/internal%2Fusers',
    '/%2Finternal/users',
    '/%2F%2FActuator%2Fenv',
    '/;a=b/internal/users',
    '/;/;x/internal',
    '/%2F;a/internal',
    '/;a%2Finternal',
    '/internal%3Ba=b/users',
    '/%3B/internal',
    '/internal./users',
    '/internal%20/users',
    '/%20internal.%20.',
  ])('is true of %s', (path) => {
    expect(isForbiddenPath(path)).toBe(true);
  });

  it.each([
    '/',
    '/internals',
    '/a/internal',
    '/a%2Finternal',
    '/;a/b/internal',
    '/x-actuator',
    '/.internal',
    '/i.nternal',
  ])('is false of %s', (path) => {
    expect(isForbiddenPath(path)).toBe(false);
  });
});
