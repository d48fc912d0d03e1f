import { jest } from '@jest/globals';

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { until } from '@libs/testing';
import { Pool } from 'undici';

import { GatewayProcess, type WrittenConfiguration } from '../support/gateway-process.js';
import { Load, type Outcome } from '../support/load.js';
import { anUpstream, readAll, type Upstream } from '../support/upstream.js';

jest.setTimeout(600_000);

const reloads = 10_000;
const writes = 3_000;
const token = 'the-token-of-an-operator';
/** In memory where there is such a folder: how long a disk takes to keep a version is not what is looked at. */
const dataDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gatehouse-reload-'));
const swaps = 'gateway_configuration_swaps_total';

describe('a gateway whose configuration changes all the time', () => {
  /** Each knows its own paths only, so that a request that met half of one configuration and half of another fails. */
  let upstreams: Record<'one' | 'two', Upstream>;
  const pools: Pool[] = [];

  beforeAll(async () => {
    const only = (name: string): Promise<Upstream> =>
      anUpstream(async (request, response) => {
        const body = await readAll(request);
        if (request.url?.startsWith(`/${name}/`) !== true) return response.writeHead(500).end();
        if (request.url.endsWith('/slow')) {
          for (let left = 20; left > 0; left--) {
            response.write(name);
            await wait(50);
          }
        }
        return response.end(`${name} ${body.toString()}`);
      });
    upstreams = { one: await only('one'), two: await only('two') };
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    rmSync(dataDir, { recursive: true, force: true });
    await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()));
  });

  const leadsTo = (name: 'one' | 'two'): WrittenConfiguration => ({
    services: { [name]: { instances: [{ url: upstreams[name].url }] } },
    rateLimits: { [`by-${name}`]: { key: 'address', algorithm: 'fixed-window', quota: 10_000_000, window: '60s' } },
    routes: [
      {
        id: `to-${name}`,
        path: '/x/**',
        rewrite: `/${name}/**`,
        service: name,
        access: { authenticated: false },
        rateLimits: [`by-${name}`],
        answerHeaders: { set: { 'X-Leads-To': name } },
      },
    ],
  });

  /** Questions, statements, and downloads that outlive many configurations. */
  const underLoad = ({ url }: GatewayProcess): Load => {
    const pool = new Pool(url, { connections: 12 });
    pools.push(pool);
    return new Load({ clients: 12, pauseMs: 15 }, async (n): Promise<Outcome> => {
      const kind = n % 50 === 0 ? 'slow' : n % 5 === 0 ? 'POST' : 'GET';
      const { statusCode, headers, body } = await pool.request({
        path: `/x/${kind}`,
        method: kind === 'POST' ? 'POST' : 'GET',
        body: kind === 'POST' ? String(n) : null,
      });
      const text = await body.text();
      if (statusCode !== 200) return `status ${statusCode}`;
      const name = String(headers['x-leads-to']);
      const whole = `${kind === 'slow' ? name.repeat(20) : ''}${name} ${kind === 'POST' ? n : ''}`;
      return text === whole ? '' : 'an answer that is not whole, or not the one of its route';
    });
  };

  it(`loses no request in ${reloads.toLocaleString('en')} changes through the management API`, async () => {
    const gateway = await GatewayProcess.start(leadsTo('one'), {
      env: { CONFIGURATION_SOURCE: 'database', MANAGEMENT_TOKEN: token, DATA_DIR: dataDir },
    });
    const operator = new Pool(gateway.management, { connections: 1 });
    const call = async (path: string, body: object): Promise<number> => {
      const { statusCode, body: answer } = await operator.request({
        path: `/configuration/${path}`,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ author: 'test', reason: 'to see whether it holds', ...body }),
      });
      await answer.dump();
      return statusCode;
    };
    expect(await call('versions', { document: gateway.complete(leadsTo('two')) })).toBe(201);

    const before = await gateway.metric(swaps);
    const load = underLoad(gateway);
    for (let n = 0; n < reloads; n++) {
      const status = await call(`versions/${(n % 2) + 1}/publish`, {});
      if (status !== 200) throw new Error(`publication ${n}: status ${status}`);
    }
    const report = await load.stop();
    expect((await gateway.metric(swaps)) - before).toBe(reloads);
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    expect(report.requests).toBeGreaterThan(500);
    await operator.close();
    await gateway.dispose();
  });

  it(`loses no request while its file is written ${writes.toLocaleString('en')} times, and ends with what was written last`, async () => {
    const gateway = await GatewayProcess.start(leadsTo('one'));
    const load = underLoad(gateway);
    const texts = [leadsTo('one'), leadsTo('two')].map((configuration) =>
      JSON.stringify(gateway.complete(configuration)),
    );
    // In between it is half a file, or nonsense: that changes nothing.
    const [one = '', two = ''] = texts;
    const inTurn = [one, two, two.slice(0, -9), one, 'routes: nonsense', two];
    for (let n = 0; n < writes; n++) {
      await writeFile(`${gateway.configFile}.next`, inTurn[n % inTurn.length] ?? '');
      await rename(`${gateway.configFile}.next`, gateway.configFile);
      // Now and then it is left alone for long enough to be taken over.
      if (n % 199 === 0) await wait(400);
    }
    gateway.write(leadsTo('two'));
    await until(
      async () => (await fetch(`${gateway.url}/x/a`)).headers.get('x-leads-to'),
      (name) => name === 'two',
    );
    const report = await load.stop();
    expect(await gateway.metric(swaps)).toBeGreaterThan(5);
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    await gateway.dispose();
  });
});
