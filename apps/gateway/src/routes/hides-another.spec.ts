import type { Refusal } from '@libs/errors';

import { aConfiguration } from '../configuration/configuration.fixture.js';
import { compileSnapshot } from '../runtime/snapshot.js';
import { explainRequest } from '../operate/explain/explain-request.js';
import { hidesAnother } from './hides-another.js';
import { imaginedRequest } from './imagined-request.js';
import { ownPaths } from './model/own-paths.js';
import { Router } from '../stages/route/router.js';
import { Via } from '../seals/via.js';

const access = { authenticated: false };
const snapshot = compileSnapshot(
  aConfiguration({
    openapi: '/openapi.json',
    routes: [
      { id: 'all', path: '/**', service: 'echo', access },
      { id: 'open', path: '/open/**', service: 'echo', access },
      { id: 'secure', path: '/secure/**', service: 'echo', access: { roles: ['admin'] } },
      { id: 'user', path: '/users/{id}', service: 'echo' },
      { id: 'me', path: '/users/me', service: 'echo' },
      { id: 'kept', path: '/kept/{name}', service: 'echo', encodedSlashes: 'keep' },
      { id: 'below', path: '/kept/{name}/{part}', service: 'echo' },
    ],
  }),
);

/** What the router decides, as `200 id` or a code. */
function outcomeOf(path: string): string {
  try {
    const request = imaginedRequest(snapshot.routes, 'GET', path);
    const context = { ...request, snapshot, answerHeaders: {}, matchedRoute: undefined };
    new Router(new Via(Buffer.alloc(32))).route(context as never);
    return `200 ${(context.matchedRoute as unknown as { id: string } | undefined)?.id ?? ''}`;
  } catch (error) {
    return (error as Refusal).code;
  }
}

const percent = (text: string): string =>
  [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');
const twice = (text: string): string => percent(text).replaceAll('%', '%25');

/** Spellings of a path that somebody reads as the path itself. `first` is its first segment. */
const spellings: Readonly<Record<string, (first: string, rest: string) => string>> = {
  'a parameter behind it': (first, rest) => `/${first};a=b${rest}`,
  'an empty parameter behind it': (first, rest) => `/${first};${rest}`,
  'an encoded parameter behind it': (first, rest) => `/${first}%3Ba=b${rest}`,
  'a parameter encoded twice': (first, rest) => `/${first}%253ba=b${rest}`,
  'a parameter before it': (first, rest) => `/;a=b/${first}${rest}`,
  'a parameter of the last segment': (first, rest) => `/${first}${rest};a=b`,
  'its first letter encoded twice': (first, rest) => `/${twice(first.slice(0, 1))}${first.slice(1)}${rest}`,
  'all of it encoded twice': (first, rest) => `/${twice(first)}${rest}`,
  'a slash encoded twice': (first, rest) => `/open%252f..%252f${first}${rest}`,
  'dots encoded twice': (first, rest) => `/open/%252e%252e/${first}${rest}`,
  'dots encoded twice with a parameter': (first, rest) => `/open/%252e%252e;x/${first}${rest}`,
  'a backslash encoded twice': (first, rest) => `/open/..%255c${first}${rest}`,
  'dots encoded twice that climb above the root': (first, rest) => `/open/%252e%252e/%252e%252e/${first}${rest}`,
};

/** By the route that they are for; the gateway's own and what is never reachable among them. */
const targets: readonly (readonly [first: string, rest: string])[] = [
  ['secure', '/x'],
  ['users', '/me'],
  ['internal', '/users'],
  ...Object.values(ownPaths).map((path) => {
    const [first = '', ...rest] = path.slice(1).split('/');
    return [first, rest.map((segment) => `/${segment}`).join('')] as const;
  }),
];

describe.each(targets)('/%s%s', (first, rest) => {
  it.each(Object.keys(spellings))('is not reached as something else with %s', (name) => {
    const path = spellings[name]?.(first, rest) ?? '';
    expect(['REQUEST_PATH_INVALID', 'ROUTE_NOT_FOUND', `200 ${first}`]).toContain(outcomeOf(path));
  });
});

describe('a path with another reading', () => {
  it.each(['/secure;a=b/x', '/%2569nternal/users', '/health;x', '/users/me;v=1', '/users/%256De'])(
    'is refused as no path: %s',
    (path) => {
      expect(outcomeOf(path)).toBe('REQUEST_PATH_INVALID');
      expect(explainRequest(snapshot, { method: 'GET', url: path, headers: {} }).outcome).toMatch(/^400/);
    },
  );

  it.each([
    { path: '/files;v=1/a', outcome: '200 all' },
    { path: '/open/a;v=1/b', outcome: '200 open' },
    { path: '/open/100%25', outcome: '200 open' },
    { path: '/open/a%3Ab%20c', outcome: '200 open' },
    { path: '/users/7;v=1', outcome: '200 user' },
    { path: '/users/a%2540b', outcome: '200 user' },
    { path: '/kept/a%2Fb', outcome: '200 kept' },
    { path: '/caf%C3%A9', outcome: '200 all' },
  ])('passes where all of them belong to its route: $path', ({ path, outcome }) => {
    expect(outcomeOf(path)).toBe(outcome);
  });

  it('costs nothing where there is none', () => {
    const asked: string[] = [];
    const table = { find: ({ path }: { path: string }) => void asked.push(path) };
    hidesAnother(table as never, imaginedRequest(snapshot.routes, 'GET', '/open/plain'), undefined);
    expect(asked).toEqual([]);
  });
});
