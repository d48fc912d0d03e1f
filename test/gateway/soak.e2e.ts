import { jest } from '@jest/globals';

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { describeWith, startRedis, type TestServer } from '@libs/testing';
import { Pool } from 'undici';

import { GatewayProcess } from '../support/gateway-process.js';
import { Inspector, type LiveMemory } from '../support/inspector.js';
import { Load, type LoadReport, type Outcome } from '../support/load.js';
import { anUpstream, readAll, type Upstream } from '../support/upstream.js';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 1);
const durationMs = minutes * 60_000;
/** Memory is looked at so often, with the clients at rest and the garbage taken out. */
const looks = 12;
/** Compilers, pools and caches find their size meanwhile. */
const warmUpLooks = 4;
/** What two looks may differ by though nothing is kept. */
const noise = { heapBytes: 3 * 1024 ** 2, residentBytes: 16 * 1024 ** 2 };

jest.setTimeout(durationMs + 60_000);

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describeWith(['redis-server'], `everything that a gateway does, for ${minutes} minutes`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-soak-'));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let redis: TestServer;
  let upstreams: Upstream[];
  let gateway: GatewayProcess;
  let inspector: Inspector;

  beforeAll(async () => {
    redis = await startRedis();
    upstreams = await Promise.all(
      [1, 2].map(() =>
        anUpstream(async (request, response) => {
          const body = await readAll(request);
          if (request.url === '/break') response.destroy();
          else response.end(`${request.url} ${body.length} ${'x'.repeat(500)}`);
        }),
      ),
    );
    const keyFile = join(folder, 'public.pem');
    writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    const limit = { algorithm: 'sliding-window', quota: 10_000_000, window: '10s' };
    gateway = await GatewayProcess.start(
      {
        authentication: {
          jwt: {
            issuers: [{ issuer: 'https://soak', audience: 'api', algorithms: ['RS256'], publicKeyFile: keyFile }],
          },
        },
        rateLimits: { 'by-user': { key: 'user', ...limit }, 'by-address': { key: 'address', ...limit } },
        services: { echo: { instances: upstreams.map(({ url }) => ({ url })) } },
        routes: [
          { id: 'private', path: '/private/**', service: 'echo', rateLimits: ['by-user', 'by-address'] },
          { id: 'public', path: '/**', service: 'echo', access: { authenticated: false }, rateLimits: ['by-address'] },
        ],
      },
      { env: { REDIS_URL: redis.url, LOG_LEVEL: 'info', NODE_OPTIONS: '--inspect=127.0.0.1:0' } },
    );
    inspector = await Inspector.attach(gateway.output);
  });
  afterAll(async () => {
    inspector?.close();
    await gateway?.dispose();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Somebody new in every tenth request, so that what is remembered about callers comes and goes. */
  const tokenFor = (n: number): string => {
    const user = n % 10 === 0 ? `new-${n}` : `user-${n % 50}`;
    const exp = Math.floor(Date.now() / 1000) + 3_600;
    const text = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ iss: 'https://soak', aud: 'api', sub: user, exp })}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const tokens = new Map<number, string>();
  const knownToken = (n: number): string => {
    const token = tokens.get(n % 50) ?? tokenFor((n % 50) * 10 + 1);
    tokens.set(n % 50, token);
    return token;
  };

  const kinds: readonly ((pool: Pool, n: number) => Promise<number>)[] = [
    (pool, n) => ask(pool, { path: '/private/a', headers: { authorization: `Bearer ${knownToken(n)}` } }),
    (pool, n) => ask(pool, { path: `/private/${n}`, headers: { authorization: `Bearer ${tokenFor(n)}` } }),
    (pool) => ask(pool, { path: '/private/a', headers: { authorization: 'Bearer nonsense' } }),
    (pool, n) => ask(pool, { path: `/public/${n}?q=${n}`, headers: { [`x-${n}`]: 'a name of its own' } }),
    (pool) => ask(pool, { path: '/upload', method: 'POST', body: 'x'.repeat(20_000) }),
    (pool) => ask(pool, { path: '/internal/users' }),
    (pool) => ask(pool, { path: '/break' }),
    (pool, n) => ask(pool, { path: '/left', signal: AbortSignal.timeout(n % 4) }),
  ];
  const expected: readonly (readonly number[])[] = [[200], [200], [401], [200], [200], [404], [502], [200, 0]];

  it('leaves its memory flat, and every answer right', async () => {
    const pool = new Pool(gateway.url, { connections: 32 });
    const found: LiveMemory[] = [];
    const failures: LoadReport['failures'][] = [];
    for (let look = 0; look < looks; look++) {
      const load = new Load({ clients: 32, pauseMs: 40 }, async (n): Promise<Outcome> => {
        const kind = n % kinds.length;
        const status = await kinds[kind]?.(pool, n + look * 1_000_000);
        return expected[kind]?.includes(status ?? -1) === true ? '' : `${status} to kind ${kind}`;
      });
      await wait(durationMs / looks);
      failures.push((await load.stop()).failures);
      found.push(await inspector.liveMemory());
    }
    await pool.close();

    expect(failures).toEqual(failures.map(() => ({})));
    const settled = found.slice(warmUpLooks);
    expect(growth(settled.map(({ heapBytes }) => heapBytes))).toBeLessThan(noise.heapBytes);
    expect(growth(settled.map(({ residentBytes }) => residentBytes))).toBeLessThan(noise.residentBytes);
  });
});

/**
 * From the first to the last, along the median of the slopes between any two (Theil and Sen): a single look that found
 * more or less than the others does not count.
 */
function growth(values: readonly number[]): number {
  const slopes = values.flatMap((later, index) =>
    values.slice(0, index).map((former, at) => (later - former) / (index - at)),
  );
  return median(slopes) * (values.length - 1);
}

type Asked = Parameters<Pool['request']>[0];

/** The status of the answer; 0 for none. */
async function ask(pool: Pool, asked: Omit<Asked, 'method'> & { method?: Asked['method'] }): Promise<number> {
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', ...asked });
    await body.dump();
    return statusCode;
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return 0;
    throw error;
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
