import { jest } from '@jest/globals';

import { createServer } from 'node:http';

import { until } from '@libs/testing';

import { bystander } from '../support/bystander.js';
import { Doors } from '../support/doors.js';
import { promise, type Promiser, type Protocol, protocols } from '../support/promiser.js';
import { listening, readAll, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const patienceMs = 20_000;
const attacker = '127.0.0.2';

/** More than there are connections to a service. */
const many = 300;
const atOnce = 24;

describe('bodies that are announced and not sent', () => {
  let upstream: Upstream;
  let doors: Doors;
  let promisers: Promiser[] = [];
  /** Requests that the service has seen the head of. */
  let heads = 0;
  const headsOf = new Map<string, number>();

  const configuration = (limits: object): Record<string, unknown> => ({
    limits: { bodyBytes: '10MiB', ...limits },
    rateLimits: { 'logins-at-once': { key: 'route', algorithm: 'concurrency', quota: atOnce, lease: '30s' } },
    services: { echo: { instances: [{ url: upstream.url }] } },
    routes: [
      {
        id: 'login',
        path: '/login',
        service: 'echo',
        access: { authenticated: false },
        rateLimits: ['logins-at-once'],
      },
      { id: 'all', path: '/**', service: 'echo', access: { authenticated: false } },
    ],
  });

  beforeAll(async () => {
    const server = createServer((request, response) => {
      heads++;
      headsOf.set(request.url ?? '', (headsOf.get(request.url ?? '') ?? 0) + 1);
      request.on('error', () => undefined);
      void readAll(request).then(
        (body) => response.end(body),
        () => undefined,
      );
    });
    upstream = await listening(server);
  });
  afterAll(() => upstream.close());
  beforeEach(() => void (heads = 0));
  afterEach(async () => {
    for (const promiser of promisers) promiser.close();
    for (const protocol of protocols) await running(protocol, (count) => count === 0);
  });

  const running = (protocol: Protocol, isEnough: (count: number) => boolean): Promise<number> =>
    until(() => doors.to(protocol).metric('gateway_requests_running'), isEnough, patienceMs);

  const begin = async (protocol: Protocol, count: number, how: (promiser: Promiser) => void): Promise<void> => {
    promisers = await promise(count, { port: doors.to(protocol).port, protocol, address: attacker }, how);
    await running(protocol, (requests) => requests >= count);
  };

  describe('and waited for', () => {
    beforeAll(async () => (doors = await Doors.open(configuration({ bodyGrace: '1m' }))));
    afterAll(() => doors.close());

    it.each(protocols)('take no connection of a service: %s', async (protocol) => {
      await begin(protocol, many, (promiser) => promiser.announce('/x', 1_000_000));
      expect(heads).toBe(0);
      expect(await bystander(doors.to(protocol), protocol, { path: '/x' })).toBe(200);
    });

    it.each(protocols)('take no place of a limit: %s', async (protocol) => {
      await begin(protocol, 2 * atOnce, (promiser) => promiser.announce('/login', 1_000_000));
      expect(await bystander(doors.to(protocol), protocol, { method: 'POST', path: '/login', body: 'a' })).toBe(200);
    });

    it.each(protocols)('take no place of a limit while of a small one half is missing: %s', async (protocol) => {
      await begin(protocol, 2 * atOnce, (promiser) => promiser.announce('/login', 100));
      for (const promiser of promisers) promiser.bring(50);
      expect(await bystander(doors.to(protocol), protocol, { method: 'POST', path: '/login', body: 'a' })).toBe(200);
      expect(heads).toBe(1);
    });

    it.each(protocols)('leave half of the connections to others when they have begun: %s', async (protocol) => {
      const path = `/half/${protocols.indexOf(protocol)}`;
      await begin(protocol, many, (promiser) => promiser.announce(path));
      for (const promiser of promisers) promiser.bring(10);
      await until(
        () => headsOf.get(path),
        (count) => count === 128,
        patienceMs,
      );
      expect(await bystander(doors.to(protocol), protocol, { path: '/x' })).toBe(200);
      expect(headsOf.get(path)).toBe(128);
    });
  });

  describe('in numbers', () => {
    const few = 20;
    beforeAll(
      async () =>
        (doors = await Doors.open({ ...configuration({ bodyGrace: '1m' }), protection: { bodiesPerAddress: few } })),
    );
    afterAll(() => doors.close());

    it.each(protocols)('are no more of one address than there may be: %s', async (protocol) => {
      const gateway = doors.to(protocol);
      promisers = await promise(few + 5, { port: gateway.port, protocol, address: attacker }, (promiser) =>
        promiser.announce('/x', 100),
      );
      const refused = { route: 'all', status: '429' };
      await until(
        () => gateway.metric('http_server_requests_seconds_count', refused),
        (count) => count >= 5,
        patienceMs,
      );
      await running(protocol, (count) => count === few);
      expect(await bystander(gateway, protocol, { method: 'POST', path: '/x', body: 'a' })).toBe(200);
    });
  });

  describe('for longer than they may', () => {
    beforeAll(async () => (doors = await Doors.open(configuration({ bodyGrace: '1s' }))));
    afterAll(() => doors.close());

    it.each(protocols)('are given up, begun or not: %s', async (protocol) => {
      await begin(protocol, 50, (promiser) => promiser.announce('/x', 1_000_000));
      await running(protocol, (count) => count === 0);
      for (const promiser of promisers) promiser.close();
      await begin(protocol, 50, (promiser) => {
        promiser.announce('/x');
        promiser.bring(10);
      });
      await running(protocol, (count) => count === 0);
      const late = { flag: 'request_timeout' };
      expect(await doors.to(protocol).metric('gateway_flagged_requests_total', late)).toBeGreaterThanOrEqual(100);
    });
  });
});
