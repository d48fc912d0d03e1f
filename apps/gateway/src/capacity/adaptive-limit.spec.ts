import { AdaptiveLimit } from './adaptive-limit.js';

const options = { targetMs: 100, floor: 32 };

interface Plant {
  /** Clients that each send their next request as soon as they are answered. */
  readonly clients: number;
  readonly msPerAnswer: number;
  readonly msPerRefusal: number;
}

/** A gateway whose turns take as long as what they answer and refuse: one sample for each state of the limit. */
function run(limit: AdaptiveLimit, { clients, msPerAnswer, msPerRefusal }: Plant, samples: number) {
  const history: { delayMs: number; admitted: number }[] = [];
  for (let n = 0; n < samples; n++) {
    const admitted = Math.min(clients, limit.value);
    const refused = clients - admitted;
    const delayMs = admitted * msPerAnswer + refused * msPerRefusal;
    limit.adjust({ delayMs, peak: admitted, refused }, options);
    history.push({ delayMs, admitted });
  }
  return history;
}

const busy: Plant = { clients: 100, msPerAnswer: 0.2, msPerRefusal: 0.02 };
const flooded: Plant = { clients: 5_000, msPerAnswer: 0.2, msPerRefusal: 0.002 };

describe('AdaptiveLimit', () => {
  it('lets everything in while the event loop is in time, however busy it is', () => {
    const limit = new AdaptiveLimit();
    run(limit, busy, 100);
    expect(limit.value).toBe(Infinity);
  });

  it('is in force within a second of a flood, and holds the delay near what is asked for', () => {
    const history = run(new AdaptiveLimit(), flooded, 50);
    expect(history[0]?.delayMs).toBe(1_000);
    for (const { delayMs } of history.slice(5)) expect(delayMs).toBeLessThan(1.5 * options.targetMs);
  });

  it('still lets in most of what can be done', () => {
    const settled = run(new AdaptiveLimit(), flooded, 100).slice(10);
    const possible = options.targetMs / flooded.msPerAnswer;
    const mean = settled.reduce((sum, { admitted }) => sum + admitted, 0) / settled.length;
    expect(mean).toBeGreaterThan(0.6 * possible);
  });

  it('never lets in less than the floor', () => {
    const hopeless = run(new AdaptiveLimit(), { ...flooded, msPerRefusal: 1 }, 50);
    expect(Math.min(...hopeless.map(({ admitted }) => admitted))).toBe(options.floor);
  });

  it('is gone some seconds after the flood', () => {
    const limit = new AdaptiveLimit();
    run(limit, flooded, 20);
    expect(limit.value).toBeLessThan(1_000);
    run(limit, { ...busy, clients: 10 }, 25);
    expect(limit.value).toBe(Infinity);
  });
});
