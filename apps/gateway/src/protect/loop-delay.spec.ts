import { setTimeout } from 'node:timers/promises';

import { LoopDelay } from './loop-delay.js';

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

describe('LoopDelay', () => {
  it('tells when every turn is late, and not when one was', async () => {
    const delay = new LoopDelay();
    delay.start();
    await setTimeout(30);
    block(120);
    await setTimeout(30);
    expect(delay.takeShortest()).toBeLessThan(60);

    for (let turn = 0; turn < 3; turn++) {
      block(120);
      await setTimeout(1);
    }
    expect(delay.takeShortest()).toBeGreaterThan(90);
    delay.stop();
    expect(delay.takeShortest()).toBe(0);
  });
});
