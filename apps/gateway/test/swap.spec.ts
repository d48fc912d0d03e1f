import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import { Pool } from 'undici';

import { firstConfiguration } from '../src/configuration/live/first-configuration.js';
import { LastGoodConfiguration } from '../src/configuration/live/last-good-configuration.js';
import { Discoveries } from '../src/discovery/discoveries.js';
import { DnsDiscovery } from '../src/discovery/dns-discovery.js';
import { NacosDiscovery } from '../src/discovery/nacos-discovery.js';
import { openGateway } from '../src/start.js';
import { sealKey } from './gateway.fixture.js';
import { aFolder, onAnyPort } from './live-gateway.fixture.js';
import { ScriptedSource } from './scripted-source.fixture.js';
import { anUpstream } from './upstream.fixture.js';

const peers = {
  'auth-service': '127.0.0.1:1',
  'tenant-service': '127.0.0.1:1',
  'project-service': '127.0.0.1:1',
  'ecs-service': '127.0.0.1:1',
};

const anEcho = (name: string) =>
  anUpstream((request, response) => response.end(`${name} ${String(request.headers['x-snapshot'])}`));

/** Everything that a request meets on its way names the snapshot that it comes from. */
const documentOf = (name: string, url: string, others: number): string =>
  onAnyPort(
    [
      `services: { shop-${name}: { instances: [{ url: '${url}' }] } }`,
      `rateLimits: { limit-${name}: { key: address, quota: 1000000000, window: 60s } }`,
      'routes:',
      ...Array.from(
        { length: others },
        (_, index) => `  - { id: x${index}, path: /x/${index}, service: shop-${name} }`,
      ),
      `  - id: shop-${name}`,
      '    path: /**',
      `    service: shop-${name}`,
      '    access: { authenticated: false }',
      `    rateLimits: [limit-${name}]`,
      `    requestHeaders: { set: { x-snapshot: ${name} } }`,
      `    answerHeaders: { set: { x-snapshot: ${name} } }`,
    ].join('\n'),
  );

it('1,000 reloads under requests: none fails, and none meets two snapshots', async () => {
  const upstreams = { a: await anEcho('a'), b: await anEcho('b') };
  const folder = aFolder();
  const source = new ScriptedSource(documentOf('a', upstreams.a.url, 0));
  const first = await firstConfiguration(source, undefined, {});
  const gateway = await openGateway({
    configuration: first.configuration,
    live: {
      source,
      environment: {},
      discoveries: new Discoveries({ dns: new DnsDiscovery(), nacos: new NacosDiscovery(undefined) }),
      kept: new LastGoodConfiguration(folder, source),
      first,
    },
    logLevel: 'silent',
    sealKey,
    peers,
  });
  const pool = new Pool(gateway.http, { connections: 16 });
  const seen = { a: 0, b: 0 };
  const mistakes: unknown[] = [];
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      try {
        const { statusCode, headers, body } = await pool.request({ path: '/things', method: 'GET' });
        const [upstream = '', snapshot] = (await body.text()).split(' ');
        const names = [upstream, snapshot, headers['x-snapshot'], String(headers['ratelimit']).slice(7, 8)];
        if (statusCode !== 200 || new Set(names).size !== 1) mistakes.push({ statusCode, names });
        seen[upstream as 'a' | 'b']++;
      } catch (error) {
        mistakes.push(error);
      }
    }
  };
  const clients = Array.from({ length: 16 }, client);
  for (let turn = 1; turn <= 1_000; turn++) {
    const name = turn % 2 === 0 ? 'a' : 'b';
    await source.say(documentOf(name, upstreams[name].url, turn % 5));
    await setImmediate();
  }
  isOver = true;
  await Promise.all(clients);

  expect(mistakes).toEqual([]);
  expect(Math.min(seen.a, seen.b)).toBeGreaterThan(100);
  const metrics = await (await fetch(`${gateway.management}/actuator/prometheus`)).text();
  expect(metrics).toMatch(/gateway_configuration_swaps_total\{.*\} 1000\n/);
  await pool.close();
  await gateway.stop();
  await Promise.all([upstreams.a.close(), upstreams.b.close()]);
  rmSync(folder, { recursive: true });
}, 60_000);
