import { setTimeout } from 'node:timers/promises';

import { LoopDelay } from './loop-delay.js';

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function measured(delay: LoopDelay): Promise<number> {
  for (;;) {
    const shortest = delay.takeShortest();
    if (shortest !== undefined) return shortest;
    await setTimeout(5);
  }
}

describe('LoopDelay', () => {
  it('tells when every turn is late, and not when one was', async () => {
    const delay = new LoopDelay();
    delay.start();
    await setTimeout(30);
    block(120);
    await setTimeout(30);
    expect(await measured(delay)).toBeLessThan(60);

    for (let turn = 0; turn < 4; turn++) {
      block(120);
      await setTimeout(1);
    }
    expect(delay.takeShortest()).toBeGreaterThan(90);
    delay.stop();
    expect(delay.takeShortest()).toBeUndefined();
  });

  it('says nothing after one late turn or two: they may have met the same pause', async () => {
    const delay = new LoopDelay();
    delay.start();
    for (let turn = 0; turn < 2; turn++) {
      block(60);
      await setTimeout(1);
      expect(delay.takeShortest()).toBeUndefined();
    }
    delay.stop();
  });
});
