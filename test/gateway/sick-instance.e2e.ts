import { jest } from '@jest/globals';

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { Pool } from 'undici';

import { until } from '@libs/testing';

import { GatewayProcess } from '../support/gateway-process.js';
import { Load } from '../support/load.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(90_000);

/** Within this time a sick instance must be found out. */
const noticedAfterMs = 5_000;
const watchedForMs = 3_000;
/** Ejections grow longer while an instance stays sick, so its share is not back at once. */
const backAfterMs = 20_000;

type Mood = 'well' | 'errors' | 'hangs';

class Instance {
  mood: Mood = 'well';
  /** Requests that have arrived, without those of health checks. */
  arrived = 0;
  private readonly held: ServerResponse[] = [];
  private upstream: Upstream | undefined;

  async start(): Promise<this> {
    this.upstream = await anUpstream(({ url }, response) => {
      if (url !== '/health') this.arrived++;
      if (this.mood === 'hangs') this.held.push(response);
      else response.writeHead(this.mood === 'errors' ? 500 : 200).end('ok');
    });
    return this;
  }

  get url(): string {
    return this.upstream?.url ?? '';
  }

  recover(): void {
    this.mood = 'well';
    for (const response of this.held.splice(0)) response.end('late');
  }

  async stop(): Promise<void> {
    await this.upstream?.close();
  }
}

/** Each has a service of its own; they fall ill at the same time. */
const illnesses = [
  { name: 'that answers errors', mood: 'errors', service: {} },
  { name: 'that hangs', mood: 'hangs', service: {} },
  { name: 'that answers errors, in turn', mood: 'errors', service: { balance: 'round-robin' } },
  { name: 'that hangs, in turn', mood: 'hangs', service: { balance: 'round-robin' } },
  { name: 'that hangs, and is checked', mood: 'hangs', service: { health: { check: { interval: '1s' } } } },
] as const;

describe('one of three instances', () => {
  const trios: Instance[][] = [];
  let gateway: GatewayProcess;
  const found: { sickShare: number; failedShare: number; tookMsToBeBack: number }[] = [];

  beforeAll(async () => {
    for (const _ of illnesses) trios.push(await Promise.all([1, 2, 3].map(() => new Instance().start())));
    gateway = await GatewayProcess.start({
      services: Object.fromEntries(
        illnesses.map(({ service }, index) => [
          `s${index}`,
          { ...service, instances: (trios[index] ?? []).map(({ url }) => ({ url })) },
        ]),
      ),
      routes: illnesses.map((_, index) => ({
        id: `r${index}`,
        path: `/${index}`,
        service: `s${index}`,
        access: { authenticated: false },
      })),
    });
    const watched = illnesses.map(({ mood }, index) => watch(gateway, trios[index] as Instance[], mood, `/${index}`));
    found.push(...(await Promise.all(watched)));
  });
  afterAll(async () => {
    await gateway?.dispose();
    await Promise.all(trios.flat().map((instance) => instance.stop()));
  });

  it.each(illnesses.map(({ name }, index) => ({ name, index })))(
    '$name gets less than 1 % of the traffic within 5 s, and its share back when it recovers',
    ({ index }) => {
      const { sickShare, failedShare, tookMsToBeBack } = found[index] as (typeof found)[number];
      expect(sickShare).toBeLessThan(0.01);
      expect(failedShare).toBeLessThan(0.01);
      expect(tookMsToBeBack).toBeLessThan(backAfterMs);
    },
  );
});

async function watch(gateway: GatewayProcess, trio: readonly Instance[], mood: Mood, path: string) {
  const [sick] = trio as [Instance];
  const pool = new Pool(gateway.url, { connections: 64 });
  let failed = 0;
  const load = new Load({ clients: 24, pauseMs: 25 }, async () => {
    const { statusCode, body } = await pool.request({ path, method: 'GET' });
    await body.dump();
    if (statusCode !== 200) failed++;
    return '';
  });
  /** The part of the requests that comes to the first instance in a time, and the part that fails. */
  const shares = async (ms: number): Promise<{ sick: number; failed: number }> => {
    const before = { sick: sick.arrived, all: sum(trio), failed, done: load.requests };
    await wait(ms);
    return {
      sick: (sick.arrived - before.sick) / Math.max(1, sum(trio) - before.all),
      failed: (failed - before.failed) / Math.max(1, load.requests - before.done),
    };
  };

  await wait(1_000);
  sick.mood = mood;
  await wait(noticedAfterMs);
  const ill = await shares(watchedForMs);

  sick.recover();
  const begun = performance.now();
  await until(
    () => shares(500),
    ({ sick }) => sick > 0.2,
    backAfterMs,
  ).catch(() => undefined);
  const tookMsToBeBack = performance.now() - begun;
  await load.stop();
  await pool.close();
  return { sickShare: ill.sick, failedShare: ill.failed, tookMsToBeBack };
}

const sum = (instances: readonly Instance[]): number => instances.reduce((all, { arrived }) => all + arrived, 0);
