import { parsePathPattern } from './path-pattern.js';
import { rewritePath } from './rewrite-path.js';

describe('rewritePath', () => {
  it.each([
    { path: '/.well-known/jwks.json', from: '/.well-known/jwks.json', to: '/auth/jwks.json', seen: '/auth/jwks.json' },
    { path: '/v1/projects/7/members', from: '/v1/projects/**', to: '/projects/**', seen: '/projects/7/members' },
    { path: '/v1/projects', from: '/v1/projects/**', to: '/projects/**', seen: '/projects' },
    { path: '/v1/projects/', from: '/v1/projects/**', to: '/projects/**', seen: '/projects/' },
    { path: '/v1/a/b', from: '/v1/**', to: '/**', seen: '/a/b' },
    { path: '/v1', from: '/v1/**', to: '/**', seen: '/' },
    { path: '/a/1/b/2', from: '/a/{x}/b/{y}', to: '/{y}/{x}', seen: '/2/1' },
    { path: '/a/%7B/b', from: '/a/{x}/**', to: '/b/{x}/**', seen: '/b/%7B/b' },
  ])('turns $path into $seen', ({ path, from, to, seen }) => {
    expect(rewritePath(path, parsePathPattern(from), parsePathPattern(to))).toBe(seen);
  });
});
