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
  ])('is true of %s', (path) => {
    expect(isForbiddenPath(path)).toBe(true);
  });

  it.each(['/', '/internals', '/a/internal', '/a%2Finternal', '/;a/b/internal', '/x-actuator'])('is false of %s', (path) => {
    expect(isForbiddenPath(path)).toBe(false);
  });
});
