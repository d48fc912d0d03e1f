import { jest } from '@jest/globals';

import { until } from '@libs/testing';
import { Pool } from 'undici';

import { GatewayProcess, type WrittenConfiguration } from '../support/gateway-process.js';
import { Load, type Outcome } from '../support/load.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(120_000);

const routes = 5_000;
const swaps = 'gateway_configuration_swaps_total';

describe('a gateway with thousands of routes', () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;
  let pool: Pool;

  const withQuota = (quota: number): WrittenConfiguration => ({
    services: { echo: { instances: [{ url: upstream.url }] } },
    rateLimits: { many: { key: 'address', quota, window: '1s' } },
    routes: Array.from({ length: routes }, (_, index) => ({
      id: `r${index}`,
      path: `/things${index}/{id}`,
      service: 'echo',
      access: { authenticated: false },
      rateLimits: ['many'],
    })),
  });

  beforeAll(async () => {
    upstream = await anUpstream((_, response) => response.end('served'));
    gateway = await GatewayProcess.start(withQuota(1_000_000));
    pool = new Pool(gateway.url, { connections: 8 });
  });
  afterAll(async () => {
    await pool.destroy();
    await gateway.dispose();
    await upstream.close();
  });

  it('serves while it reads them again', async () => {
    let answeredAt = performance.now();
    let longestSilenceMs = 0;
    const load = new Load({ clients: 8, pauseMs: 5 }, async (n): Promise<Outcome> => {
      const { statusCode, body } = await pool.request({ path: `/things${n % routes}/x`, method: 'GET' });
      await body.dump();
      const now = performance.now();
      longestSilenceMs = Math.max(longestSilenceMs, now - answeredAt);
      answeredAt = now;
      return statusCode === 200 ? '' : `status ${statusCode}`;
    });
    const silences: number[] = [];
    for (let turn = 1; turn <= 5; turn++) {
      longestSilenceMs = 0;
      const begun = performance.now();
      gateway.write(withQuota(1_000_000 + turn));
      await until(
        () => gateway.metric(swaps),
        (count) => count === turn,
        20_000,
      );
      silences.push(longestSilenceMs / (performance.now() - begun));
    }
    const report = await load.stop();
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    // Read where requests are served, they would be silence for most of the time; how long that is depends on the machine.
    expect(silences.toSorted((a, b) => a - b)[2]).toBeLessThan(0.5);
  });
});
