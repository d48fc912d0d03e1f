import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { names } from '@libs/names';

import { aConfiguration } from '../../configuration/configuration.fixture.js';
import { compileSnapshot } from '../../runtime/snapshot.js';
import { Snapshots } from '../../runtime/snapshots.js';
import { InstanceRegistry } from '../../runtime/instance-registry.js';
import { statusOf } from '../instance-status.js';
import { HealthChecks } from './health-checks.js';

beforeAll(() => Logger.overrideLogger(false));

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An instance that answers its checks with this status, and counts them. */
async function anInstance(status: number) {
  const asked = { url: '', times: 0 };
  const server = createServer((_, response) => {
    asked.times++;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  asked.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return asked;
}

const listing = (urls: string[], check: object | undefined) => {
  const instances = urls.map((url) => ({ url }));
  const health = check === undefined ? {} : { health: { check } };
  return aConfiguration({ services: { s: { instances, ...health } } });
};

function checking(urls: string[], check: object | undefined) {
  const snapshots = new Snapshots(compileSnapshot(listing(urls, check)));
  const registry = new InstanceRegistry(snapshots);
  const checks = new HealthChecks(registry, names);
  checks.onApplicationBootstrap();
  closing.unshift(() => checks.onApplicationShutdown());
  return {
    checks,
    swap: (next: string[], nextCheck: object | undefined) =>
      snapshots.swap(compileSnapshot(listing(next, nextCheck), snapshots.current)),
    statusOf: (url: string) => {
      const instance = registry.find('s', url);
      return instance === undefined ? undefined : statusOf(instance, performance.now());
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5_000 && !isSo(); waited += 10) await delay(10);
  expect(isSo()).toBe(true);
}

const often = { interval: '20ms', timeout: '1s' };

describe('HealthChecks', () => {
  it('puts out what fails, and takes what nobody asks for well', async () => {
    const [good, bad] = [await anInstance(200), await anInstance(500)];
    const running = checking([good.url, bad.url], often);
    await until(() => running.statusOf(bad.url) === 'unhealthy' && good.times > 2);
    expect(running.statusOf(good.url)).toBe('fit');
    running.swap([good.url, bad.url], undefined);
    expect(running.statusOf(bad.url)).toBe('fit');
  });

  it('keeps what it knows when another check is configured, until that has a result', async () => {
    const bad = await anInstance(500);
    const running = checking([bad.url], often);
    await until(() => running.statusOf(bad.url) === 'unhealthy');
    running.swap([bad.url], { ...often, statuses: [500] });
    expect(running.statusOf(bad.url)).toBe('unhealthy');
    await until(() => running.statusOf(bad.url) === 'fit');
  });

  it('asks whoever comes, and leaves alone whoever went', async () => {
    const [first, second] = [await anInstance(200), await anInstance(200)];
    const running = checking([first.url], often);
    await until(() => first.times > 1);
    expect(second.times).toBe(0);
    running.swap([second.url], often);
    await until(() => second.times > 1);
    const before = first.times;
    await until(() => second.times > 5);
    expect(first.times - before).toBeLessThan(2);
  });

  it('asks nobody after it was stopped', async () => {
    const [stopped, other] = [await anInstance(200), await anInstance(200)];
    const running = checking([stopped.url], often);
    await until(() => stopped.times > 1);
    running.checks.onApplicationShutdown();
    const before = stopped.times;
    running.swap([stopped.url], { ...often, path: '/other' });
    checking([other.url], often);
    await until(() => other.times > 5);
    expect(stopped.times - before).toBeLessThan(2);
  });
});
