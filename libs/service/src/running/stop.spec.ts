import { once } from 'node:events';
import { connect } from 'node:net';

import { Logger, type LoggerService } from '@nestjs/common';

import { currentService, runAsService } from '@libs/observability';

import { Gate, seal, usingTinyServices } from './tiny-service.fixture.js';

const start = usingTinyServices();
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const read = async (url: string) => {
  const answer = await get(url);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('stopping a service', () => {
  it('finishes the request that is running, takes no more, and is quick', async () => {
    const gate = new Gate();
    const service = await start({ gate });
    const slow = get(`${service.http}/notes/slow`, seal('GET', '/notes/slow'));
    await gate.entered;

    const begun = performance.now();
    const stopped = service.stop();
    expect(await read(`${service.management}/ready`)).toMatchObject({
      status: 503,
      body: { status: 'OUT_OF_SERVICE' },
    });
    await expect(get(`${service.http}/health`)).rejects.toThrow('fetch failed');
    gate.open();

    const answer = await slow;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    await stopped;
    expect(performance.now() - begun).toBeLessThan(2_000);
    await expect(get(`${service.management}/health`)).rejects.toThrow('fetch failed');
  });

  it('first says that it is not ready, and serves on until balancers had time to notice', async () => {
    const service = await start({ settings: { drainDelayMs: 300 } });
    const begun = performance.now();
    const retired = service.retire();
    expect(await read(`${service.http}/ready`)).toMatchObject({ status: 503, body: { status: 'OUT_OF_SERVICE' } });
    expect((await get(`${service.http}/notes`, seal('GET', '/notes'))).status).toBe(200);
    await retired;
    expect(performance.now() - begun).toBeGreaterThan(250);
    expect((await get(`${service.http}/health`)).status).toBe(200);
  });

  it('cuts a request that does not end, within 5 s', async () => {
    const gate = new Gate();
    const service = await start({ gate });
    const hanging = get(`${service.http}/notes/slow`, seal('GET', '/notes/slow')).then(
      () => 'answered',
      () => 'cut',
    );
    await gate.entered;

    const begun = performance.now();
    await service.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await hanging).toBe('cut');
    gate.open();
  });

  it('does not wait for connections that are idle or were never used', async () => {
    const service = await start();
    const { hostname, port } = new URL(service.http);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.on('error', () => {});
    await get(`${service.http}/health`);

    const begun = performance.now();
    await service.stop();
    expect(performance.now() - begun).toBeLessThan(1_000);
    socket.destroy();
  });

  it('still serves the request that comes on an idle connection a moment later, and lets the client know', async () => {
    const service = await start();
    const { hostname, port } = new URL(service.http);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    const send = async (): Promise<string> => {
      socket.write(`GET /health HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [string];
      return answer;
    };
    expect(await send()).toMatch(/^HTTP\/1\.1 200 [^]*connection: keep-alive/i);
    const stopped = service.stop();
    await expect(get(`${service.http}/health`)).rejects.toThrow('fetch failed');
    expect(await send()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
    await once(socket, 'close');
    await stopped;
  });

  it('may be asked for twice, and the service can be started again on the same port', async () => {
    const first = await start();
    await Promise.all([first.stop(), first.stop()]);
    const second = await start({ settings: { httpPort: Number(new URL(first.http).port) } });
    expect(second.http).toBe(first.http);
    expect((await get(`${second.http}/health`)).status).toBe(200);
  });

  it('is logged as its own work, whoever asks for it', async () => {
    const service = await start();
    const lines: unknown[] = [];
    const log = (message: unknown): void => void lines.push([currentService(), message]);
    const logger: LoggerService = { log, warn: log, error: log };
    Logger.overrideLogger(logger);
    await runAsService('tenant-service', () => service.stop());
    expect(lines).toEqual([['project-service', 'stopping']]);
  });

  it('lets go of everything when a port is taken at the start', async () => {
    const first = await start();
    const managementPort = Number(new URL(first.management).port);
    await expect(start({ settings: { managementPort } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect((await get(`${first.management}/health`)).status).toBe(200);
  });
});
