import { jest } from '@jest/globals';

import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

import { aClient, compose, docker, services, untilHealthy } from './compose-stack.js';

jest.setTimeout(180_000);

const gateways = ['gateway-1', 'gateway-2'] as const;
const inside = (service: string, command: string): Promise<string> =>
  compose('exec', '-T', service, 'sh', '-c', command).then((said) => said.trim());

describe('the stack', () => {
  beforeAll(() => untilHealthy());

  it('runs an image of at most 300 MB', async () => {
    const bytesOf = async (image: string): Promise<number> =>
      Number(await docker('image', 'inspect', image, '--format', '{{.Size}}'));
    const [, base = ''] =
      /^FROM (\S+)$/m.exec(
        readFileSync('Dockerfile', 'utf8')
          .split(/(?=^FROM )/m)
          .at(-1) ?? '',
      ) ?? [];
    // Debian's own image has 75 MB; one that stands for it may have more.
    const tooMuchBelow = await bytesOf(base).then(
      (bytes) => Math.max(0, bytes - 75e6),
      () => 0,
    );
    expect((await bytesOf('gatehouse:local')) - tooMuchBelow).toBeLessThan(300e6);
  });

  it('gives every process its secrets, and nobody but its user', async () => {
    for (const service of [...gateways, ...services]) {
      const modes = await inside(service, 'stat -c "%a %u" /secrets/* /certificates/tls.key; id -u');
      const lines = modes.split('\n');
      expect({ service, lines: [...new Set(lines)] }).toEqual({ service, lines: ['400 1000', '1000'] });
    }
  });

  it('rotates the logs of every container', async () => {
    const ids = (await compose('ps', '--all', '--quiet')).trim().split('\n');
    const configs = await docker('inspect', ...ids, '--format', '{{json .HostConfig.LogConfig.Config}}');
    for (const config of configs.trim().split('\n')) expect(JSON.parse(config)).toHaveProperty('max-size');
  });

  it('keeps the management token of a gateway over a restart, each its own', async () => {
    const tokenOf = (gateway: string): Promise<string> => inside(gateway, 'cat /data/secrets/management-token');
    const before = await Promise.all(gateways.map(tokenOf));
    expect(new Set(before).size).toBe(2);
    await compose('restart', 'gateway-1');
    await untilHealthy();
    expect(await Promise.all(gateways.map(tokenOf))).toEqual(before);
  });

  it('lets nobody read what nginx and the gateways say to one another', async () => {
    await expect(inside('nginx', 'curl -sS http://gateway:8080/health')).rejects.toThrow();
    const verified = 'curl -sS --cacert /certificates/ca.crt --connect-to gateway:8080:gateway-1:8080';
    expect(await inside('nginx', `${verified} -o /dev/null -w "%{http_code}" https://gateway:8080/health`)).toBe('200');
    await expect(inside('nginx', 'cat /certificates/tls.key')).rejects.toThrow();
  });

  it('sends plain HTTP to the port that is published, and not elsewhere', async () => {
    const { services: described } = parse(await compose('config')) as {
      services: { nginx: { ports: { target: number; published: string }[] } };
    };
    const published = (target: number): string =>
      described.nginx.ports.find((port) => port.target === target)?.published ?? '';
    const answer = await fetch(`http://localhost:${published(80)}/projects`, { redirect: 'manual' });
    const port = published(443) === '443' ? '' : `:${published(443)}`;
    expect([answer.status, answer.headers.get('location')]).toEqual([308, `https://localhost${port}/projects`]);
  });

  it('says 503 and when to come again while no gateway is there, as problem+json', async () => {
    const client = await aClient();
    await compose('stop', ...gateways);
    try {
      const { status, headers, body } = await client.get('/public/status');
      expect([status, headers['content-type'], headers['retry-after']]).toEqual([503, 'application/problem+json', '1']);
      expect(body.code).toBe('UPSTREAM_UNAVAILABLE');
      const said = await compose('logs', '--no-log-prefix', '--tail', '20', 'nginx');
      expect(said).toContain(String(headers['x-request-id']));
    } finally {
      await compose('start', ...gateways);
      await client.close();
      await untilHealthy();
    }
  });
});
