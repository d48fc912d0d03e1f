import { Agent, request } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';

import { type CertificateFolder, TestAuthority, until } from '@libs/testing';

import { rawExchange } from '../http/raw-exchange.fixture.js';
import type { RunningService } from './running-service.js';
import { seal, startTinyService } from './tiny-service.fixture.js';

/** 200, or 0 for a connection that was refused. */
const ask = (url: string, tls: ConnectionOptions, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve) => {
    const options = { agent: false, ...tls, servername: 'project-service', headers };
    request(url, options as never, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    })
      .once('error', () => resolve(0))
      .end();
  });

describe('a service with a certificate', () => {
  let ours: TestAuthority;
  let theirs: TestAuthority;
  let service: RunningService;

  const start = (settings: CertificateFolder, managementHost = '127.0.0.1') =>
    startTinyService({ settings: { ...settings, managementHost } });
  const path = '/notes/numbered/7';
  const asCaller = (tls: ConnectionOptions) => ask(`${service.http}${path}`, tls, seal('GET', path));

  beforeAll(async () => {
    ours = await TestAuthority.create();
    theirs = await TestAuthority.create();
    service = await start(await ours.certify('project-service'), '0.0.0.0');
  });
  afterAll(async () => {
    await service.stop();
    ours.remove();
    theirs.remove();
  });

  it('answers the gateway', async () => {
    expect(service.http).toMatch(/^https:/);
    expect(await asCaller((await ours.own('gateway')).current)).toBe(200);
  });

  it('answers it on a session that it resumes, too', async () => {
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 });
    const tls = { ...(await ours.own('gateway')).current, agent } as ConnectionOptions;
    for (let n = 0; n < 5; n += 1) expect(await asCaller(tls)).toBe(200);
    agent.destroy();
  });

  it.each([
    {
      who: 'whoever shows a certificate of somebody else',
      tls: async () => (await theirs.own('gateway', { trusting: ours.authority })).current,
    },
    {
      who: 'whoever shows none',
      tls: async () => ({ ca: ours.authority.certificate }),
    },
    { who: 'a service that is not listed', tls: async () => (await ours.own('ecs-service')).current },
    {
      who: 'whoever speaks an older TLS',
      tls: async () => ({ ...(await ours.own('gateway')).current, maxVersion: 'TLSv1.2' as const }),
    },
  ])('does not answer $who', async ({ tls }) => {
    expect(await asCaller(await tls())).toBe(0);
  });

  it('does not answer plain HTTP', async () => {
    const { status } = await rawExchange(
      service.http.replace('https:', 'http:'),
      `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    ).catch(() => ({ status: 0 }));
    expect(status).not.toBe(200);
  });

  it('lets anybody probe its management port, and operators alone see more', async () => {
    const management = service.management;
    expect(management).toMatch(/^https:/);
    const nobody = { ca: ours.authority.certificate };
    expect(await ask(`${management}/ready`, nobody)).toBe(200);
    expect(await ask(`${management}/actuator/metrics`, nobody)).toBe(403);
    expect(await ask(`${management}/actuator/metrics`, (await ours.own('gateway')).current)).toBe(403);
    expect(await ask(`${management}/actuator/metrics`, (await ours.own('prometheus')).current)).toBe(200);
    const stranger = await theirs.own('prometheus', { trusting: ours.authority });
    expect(await ask(`${management}/ready`, stranger.current)).toBe(0);
  });

  it('is renewed while it is asked, and no request fails', async () => {
    const gateway = await ours.own('gateway');
    const agent = new Agent({ keepAlive: true });
    const statuses: number[] = [];
    const isOver = new AbortController();
    const askAgain = async (tls: () => object): Promise<void> => {
      while (!isOver.signal.aborted) statuses.push(await asCaller(tls()));
    };
    const asking = [() => gateway.current, () => gateway.current, () => ({ ...gateway.current, agent })].map(askAgain);
    const { port } = new URL(service.http);
    const seen = new Set<string>();
    for (let renewal = 0; renewal < 2; renewal += 1) {
      await Promise.all([ours.certify('project-service'), ours.certify('gateway')]);
      seen.add(
        await until(
          () => serialAt(Number(port), gateway.current),
          (serial) => !seen.has(serial),
        ),
      );
    }
    isOver.abort();
    await Promise.all(asking);
    agent.destroy();
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }, 30_000);

  it('is not ready when its certificate is over, and again when it has another', async () => {
    const expiring = await start(await ours.certify('ecs-service', { lifetimeMs: 1_000 }), '0.0.0.0');
    // Whoever probes does not look at the certificate.
    const ready = () => ask(`${expiring.management}/ready`, { rejectUnauthorized: false });
    expect(await until(ready, (status) => status === 503)).toBe(503);
    await ours.certify('ecs-service');
    expect(await until(ready, (status) => status === 200)).toBe(200);
    await expiring.stop();
  }, 30_000);

  it('stops in time while somebody holds a connection open', async () => {
    const other = await start(await ours.certify('project-service'));
    const { port } = new URL(other.http);
    const { current } = await ours.own('gateway');
    const idle = connect({ host: '127.0.0.1', port: Number(port), ...current, servername: 'project-service' });
    await new Promise((resolve) => idle.once('secureConnect', resolve));
    const begunAt = performance.now();
    await other.stop();
    expect(performance.now() - begunAt).toBeLessThan(2_500);
    idle.destroy();
  });

  it('does not start with half of a certificate', async () => {
    const { tlsCaFile, tlsCertFile } = await ours.certify('project-service');
    await expect(startTinyService({ settings: { tlsCaFile, tlsCertFile } as never })).rejects.toMatchObject({
      exitCode: 78,
      mistakes: [{ variable: 'TLS_KEY_FILE' }],
    });
  });
});

async function serialAt(port: number, tls: ConnectionOptions): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ...tls, servername: 'project-service' });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}
