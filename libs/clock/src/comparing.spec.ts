import { jest } from '@jest/globals';

import { ComparedClock } from './compared-clock.js';
import { compareFromNowOn } from './comparing.js';

describe('compareFromNowOn', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const started = async (random: number, answer: () => Promise<number | undefined>) => {
    let rounds = 0;
    const clock = new ComparedClock();
    clock.add('database', answer);
    const { measure } = clock;
    clock.measure = () => ((rounds += 1), measure.call(clock));
    const comparing = await compareFromNowOn(clock, () => random);
    return { comparing, rounds: () => rounds };
  };

  it.each([
    { random: 0, pauseMs: 10_000 },
    { random: 0.5, pauseMs: 20_000 },
    { random: 1, pauseMs: 30_000 },
  ])('measures again after $pauseMs ms', async ({ random, pauseMs }) => {
    const { comparing, rounds } = await started(random, async () => Date.now());
    expect(rounds()).toBe(1);
    await jest.advanceTimersByTimeAsync(pauseMs - 1);
    expect(rounds()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(rounds()).toBe(2);
    comparing.stop();
    await jest.advanceTimersByTimeAsync(100_000);
    expect(rounds()).toBe(2);
  });

  it('tries each second until somebody has answered', async () => {
    let isUp = false;
    const { comparing, rounds } = await started(0, () =>
      isUp ? Promise.resolve(Date.now()) : Promise.reject(new Error('not there yet')),
    );
    await jest.advanceTimersByTimeAsync(3_000);
    expect(rounds()).toBe(4);
    isUp = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(rounds()).toBe(5);
    await jest.advanceTimersByTimeAsync(9_000);
    expect(rounds()).toBe(5);
    comparing.stop();
  });
});
