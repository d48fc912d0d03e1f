import { jest } from '@jest/globals';

import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { describeWith } from '@libs/testing';
import { type Dispatcher, Pool } from 'undici';

import { everythingTo, GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { Load, type Outcome } from '../support/load.js';
import { startNginx } from '../support/nginx.js';
import { anUpstream, readAll, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const drainDelayMs = 600;
const env = { DRAIN_DELAY: `${drainDelayMs}ms` };

describeWith(['nginx', 'openssl'], 'two gateways that are restarted one after the other', () => {
  let upstream: Upstream;
  let gateways: GatewayProcess[];

  beforeAll(async () => {
    upstream = await anUpstream(async (request, response) => {
      const body = await readAll(request);
      if (request.url === '/slow') await wait(2 * drainDelayMs);
      response.end(`${request.url} ${body.toString()}`);
    });
    gateways = await Promise.all(
      ['a', 'b'].map((name) => GatewayProcess.start(everythingTo([upstream.url]), { env, name })),
    );
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.dispose()));
    await upstream.close();
  });

  /** Three in four are asked something, the fourth is told something. */
  const exchange = async (to: Dispatcher, n: number): Promise<Outcome> => {
    const isPost = n % 4 === 0;
    const { statusCode, body } = await to.request({
      path: `/${n}`,
      method: isPost ? 'POST' : 'GET',
      body: isPost ? `body ${n}` : null,
    });
    const text = await body.text();
    if (statusCode !== 200) return `status ${statusCode}`;
    return text === `/${n} ${isPost ? `body ${n}` : ''}` ? '' : 'the answer to another request';
  };

  const restartAll = async (): Promise<void> => {
    for (const gateway of gateways) {
      await wait(500);
      expect((await gateway.stop()).code).toBe(0);
      await gateway.startAgain();
    }
  };

  it('lose no request of clients that come through nginx', async () => {
    const nginx = await startNginx({ gateways: gateways.map(({ url }) => url) });
    const pool = new Pool(nginx.url, { connections: 16, connect: { ca: readFileSync(nginx.caFile, 'utf8') } });
    const load = new Load({ clients: 16, pauseMs: 4 }, (n) => exchange(pool, n));
    await restartAll();
    const report = await load.stop();
    await pool.close();
    await nginx.stop();
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    expect(report.requests).toBeGreaterThan(500);
  });

  it('lose no request of clients that take the other one when they cannot connect', async () => {
    const pools = gateways.map(({ url }) => new Pool(url, { connections: 8 }));
    const load = new Load({ clients: 16, pauseMs: 4 }, async (n) => {
      const [one, other] = n % 2 === 0 ? pools : pools.toReversed();
      try {
        return await exchange(one as Pool, n);
      } catch (error) {
        // Nothing was sent, so nothing can happen twice; anything else counts as lost.
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
        return exchange(other as Pool, n);
      }
    });
    await restartAll();
    const report = await load.stop();
    await Promise.all(pools.map((pool) => pool.close()));
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    expect(report.requests).toBeGreaterThan(500);
  });

  it('lose no request of clients of HTTP/2, which open another connection when they are told to', async () => {
    const clients = gateways.map(({ url }) => new Http2Client(url));
    const load = new Load({ clients: 16, pauseMs: 4 }, async (n) => {
      const [one, other] = n % 2 === 0 ? clients : clients.toReversed();
      // Refused streams and connections have not been looked at (RFC 9113 §8.7).
      const answer = (await one?.ask(`/${n}`)) ?? (await other?.ask(`/${n}`)) ?? 'neither takes it';
      return answer === `200 /${n} ` ? '' : answer;
    });
    await restartAll();
    const report = await load.stop();
    for (const client of clients) client.close();
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    expect(report.requests).toBeGreaterThan(500);
  });

  it('are not ready first, serve on, then finish what they have and end', async () => {
    const [gateway] = gateways as [GatewayProcess];
    const slow = fetch(`${gateway.url}/slow`).then((answer) => answer.text());
    await wait(50);
    const begun = performance.now();
    const stopped = gateway.stop();
    await wait(100);
    for (const url of [gateway.url, gateway.management]) expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/still`)).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(drainDelayMs);

    expect(await slow).toBe('/slow ');
    const { code, tookMs } = await stopped;
    expect(code).toBe(0);
    expect(tookMs).toBeGreaterThan(drainDelayMs);
    expect(tookMs).toBeLessThan(drainDelayMs + 5_000);
    await expect(fetch(`${gateway.url}/gone`)).rejects.toThrow();
  });
});
