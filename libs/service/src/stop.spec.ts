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
