import { StandingQueue } from './standing-queue.js';

const queue = 1_024;

describe('the queue for a connection', () => {
  let standing: StandingQueue;
  let now: number;
  beforeEach(() => {
    standing = new StandingQueue();
    now = 0;
  });

  /** Windows in which all wait for as long as those before them take, and as many come as may. */
  const run = (windows: number, { isSaturated, perMs }: { isSaturated: boolean; perMs: number }): number[] =>
    Array.from({ length: windows }, () => {
      const waiting = standing.limitOf(queue);
      standing.note(waiting / perMs);
      standing.adjust((now += 200), waiting, isSaturated);
      return standing.limitOf(queue);
    });

  it('is as long as it may be while the service is what is slow', () => {
    expect(Math.min(...run(50, { isSaturated: false, perMs: 0.1 }))).toBe(queue);
  });

  it('is as long as it may be while the gateway is busy and nobody waits for long', () => {
    expect(Math.min(...run(50, { isSaturated: true, perMs: 100 }))).toBe(queue);
  });

  it('is cut to what is worth waiting for while the gateway is what is slow', () => {
    const limits = run(50, { isSaturated: true, perMs: 7 }).slice(10);
    expect(Math.max(...limits)).toBeLessThan(60 * 7);
    expect(Math.min(...limits)).toBeGreaterThan(20 * 7);
  });

  it('never falls below what keeps the connections busy', () => {
    expect(run(50, { isSaturated: true, perMs: 0.01 }).at(-1)).toBe(32);
  });

  it('is whole again some seconds after the flood', () => {
    run(50, { isSaturated: true, perMs: 1 });
    expect(run(50, { isSaturated: false, perMs: 100 }).at(-1)).toBe(queue);
  });

  it('does not count those who found a connection at once as having waited', () => {
    run(5, { isSaturated: true, perMs: 7 });
    const before = standing.limitOf(queue);
    standing.note(500);
    standing.note(0);
    standing.adjust((now += 200), before, true);
    expect(standing.limitOf(queue)).toBeGreaterThanOrEqual(before);
  });
});
