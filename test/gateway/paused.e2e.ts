import { jest } from '@jest/globals';

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { GatewayProcess } from '../support/gateway-process.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

/** Of each kind, longer than it takes to stop the process, and shorter than it is stopped for. */
const deadline = '2s';
const pauseMs = 3_000;

describe('a gateway that is stopped for longer than every deadline', () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;
  /** Requests and checks that the instance has, and has not answered. */
  const held: { readonly url: string; readonly response: ServerResponse }[] = [];
  let isHolding = false;

  beforeAll(async () => {
    upstream = await anUpstream((request, response) => {
      if (isHolding) held.push({ url: request.url ?? '', response });
      else response.end('ok');
    });
    gateway = await GatewayProcess.start({
      services: {
        one: {
          instances: [{ url: upstream.url }],
          retries: 0,
          timeouts: { headers: deadline, total: deadline },
          breaker: { consecutiveFailures: 1 },
          health: {
            check: { path: '/check', interval: '100ms', timeout: deadline, unhealthyAfter: 1 },
            outliers: { consecutiveFailures: 1, maxEjected: 100 },
          },
        },
      },
      routes: [{ id: 'all', path: '/**', service: 'one', access: { authenticated: false } }],
    });
  });
  afterAll(async () => {
    await gateway.dispose();
    await upstream.close();
  });

  it('hears what the instance has said meanwhile, and holds nothing against it', async () => {
    isHolding = true;
    const answers = Array.from({ length: 20 }, (_, n) => fetch(`${gateway.url}/${n}`));
    while (held.length < 21 || !held.some(({ url }) => url === '/check')) await wait(5);
    isHolding = false;

    gateway.signal('SIGSTOP');
    for (const { response } of held) response.end('ok');
    await wait(pauseMs);
    gateway.signal('SIGCONT');

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (const outcome of ['timeout', 'unreachable', 'reset']) {
      expect(await gateway.metric('gateway_upstream_requests_total', { outcome })).toBe(0);
    }
    expect(await gateway.metric('gateway_ejections_total', { because: 'failures' })).toBe(0);
    expect(await gateway.metric('gateway_instances', { status: 'fit' })).toBe(1);
    expect(await gateway.metric('gateway_circuit_breakers', { state: 'closed' })).toBe(1);
  });
});
