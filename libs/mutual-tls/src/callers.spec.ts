import { globSync, readFileSync } from 'node:fs';

import { callers } from './callers.js';

const textsOf = (sources: string): string[] =>
  globSync(sources)
    .filter((file) => !/\.(spec|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));

/** `clients.to('auth-service', …)` in the sources is a call of it. */
const callsIn = (sources: string): string[] =>
  textsOf(sources).flatMap((text) => [...text.matchAll(/\.to\(\s*'([\w-]+)'/g)].map(([, peer = '']) => peer));

const libsOf = (app: string): Set<string> =>
  new Set(
    textsOf(`apps/${app}/src/**/*.ts`).flatMap((text) =>
      [...text.matchAll(/'@libs\/([\w-]+)'/g)].map(([, lib = '']) => lib),
    ),
  );

describe('the list of callers', () => {
  const services = Object.keys(callers);

  it('has everybody who calls over gRPC, and nobody else', () => {
    const calls = ['gateway', ...services].flatMap((app) => {
      // What a lib calls, whoever imports it does; none calls itself.
      const sources = [`apps/${app}`, ...[...libsOf(app)].map((lib) => `libs/${lib}`)];
      const peers = sources.flatMap((folder) => callsIn(`${folder}/src/**/*.ts`));
      return peers.filter((peer) => peer !== app).map((peer) => `${app} -> ${peer}`);
    });
    const listed = Object.entries(callers)
      .flatMap(([peer, { grpc }]) => grpc.map((app) => `${app} -> ${peer}`))
      .filter((call) => !call.startsWith('operator '));
    expect([...new Set(calls)].toSorted()).toEqual(listed.toSorted());
  });

  it('lets the gateway alone call over HTTP, and an operator where there are internal APIs', () => {
    for (const [service, { http }] of Object.entries(callers)) {
      expect({ service, http }).toEqual({
        service,
        http: service === 'tenant-service' ? ['gateway', 'operator'] : ['gateway'],
      });
    }
  });
});
