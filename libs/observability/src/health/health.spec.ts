import { jest } from '@jest/globals';

import { Test } from '@nestjs/testing';
import { TerminusModule } from '@nestjs/terminus';

import { Health } from './health.js';
import { forEverybody } from './health-details.js';
import { NotReady, ReadinessChecks } from './readiness-checks.js';

async function aHealth(checks: Record<string, () => Promise<void>>) {
  const module = await Test.createTestingModule({
    imports: [TerminusModule.forRoot({ logger: false })],
    providers: [Health, ReadinessChecks],
  }).compile();
  const readiness = module.get(ReadinessChecks);
  for (const [name, check] of Object.entries(checks)) readiness.add(name, check);
  return { health: module.get(Health), readiness };
}

const works = async (): Promise<void> => {};
const fails = async (): Promise<void> => {
  throw new Error('connection refused');
};

describe('Health', () => {
  it('is ready when nothing is needed', async () => {
    const { health } = await aHealth({});
    expect(await health.readiness()).toEqual({ status: 'UP', components: {} });
  });

  it('names what works and what does not', async () => {
    const { health } = await aHealth({ database: works, redis: fails });
    expect(await health.readiness()).toMatchObject({
      status: 'DOWN',
      components: { database: { status: 'UP' }, redis: { status: 'DOWN', details: { message: 'connection refused' } } },
    });
  });

  it('tells everybody what a check tells of itself while it is down, and no other reason', async () => {
    const { health } = await aHealth({
      clock: async () => {
        throw new NotReady('not for everybody', { seconds: 600 });
      },
      redis: fails,
    });
    expect(forEverybody(await health.readiness())).toEqual({
      status: 'DOWN',
      components: { clock: { status: 'DOWN', details: { seconds: 600 } }, redis: { status: 'DOWN' } },
    });
  });

  it('is alive whatever else is down', async () => {
    const { health } = await aHealth({ database: fails });
    expect(await health.liveness()).toEqual({ status: 'UP' });
  });

  it('counts a check that never ends as down', async () => {
    const { health } = await aHealth({ database: () => new Promise(() => {}) });
    expect(await health.readiness()).toMatchObject({ status: 'DOWN', components: { database: { status: 'DOWN' } } });
  });

  it('looks once for many probes', async () => {
    let looks = 0;
    const { health } = await aHealth({ database: async () => void looks++ });
    await Promise.all(Array.from({ length: 100 }, () => health.readiness()));
    expect(looks).toBe(1);
  });

  it('looks again after a second, also when the clock of the machine was set back meanwhile', async () => {
    let looks = 0;
    const { health } = await aHealth({ database: async () => void looks++ });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      await health.readiness();
      jest.setSystemTime(Date.now() - 600_000);
      await jest.advanceTimersByTimeAsync(1_001);
      await health.readiness();
    } finally {
      jest.useRealTimers();
    }
    expect(looks).toBe(2);
  });

  it('is out of service once it drains, even if all works', async () => {
    const { health, readiness } = await aHealth({ database: works });
    readiness.drain();
    expect((await health.readiness()).status).toBe('OUT_OF_SERVICE');
    expect((await health.liveness()).status).toBe('UP');
  });

  it('does not take two checks of one name', async () => {
    const { readiness } = await aHealth({ database: works });
    expect(() => readiness.add('database', works)).toThrow('already');
  });
});
