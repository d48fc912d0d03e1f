import fc from 'fast-check';

import { LimitModel } from './limit-model.fixture.js';
import type { Limit, LimitAlgorithmName, LimitPolicy } from './rate-limiter.js';
import type { RateLimiterUnderTest } from './rate-limiter.fixture.js';

const algorithm = fc.constantFrom<LimitAlgorithmName>(
  'token-bucket',
  'leaky-bucket',
  'fixed-window',
  'sliding-window',
  'concurrency',
);

const policy = fc
  .record({
    algorithm,
    quota: fc.integer({ min: 1, max: 12 }),
    windowMs: fc.constantFrom(10, 97, 1_000, 60_000),
    burst: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
    maxDelayMs: fc.constantFrom(0, 0, 5, 700),
    isShadow: fc.constantFrom(false, false, true),
  })
  .map(({ algorithm, windowMs, ...rest }) => ({
    ...rest,
    algorithm,
    // Leases must not end by themselves here: the clock of the test is not the one by which they are renewed.
    windowMs: algorithm === 'concurrency' ? 1e9 : windowMs,
    maxDelayMs: algorithm === 'leaky-bucket' ? rest.maxDelayMs : 0,
  }));

const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ advance: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 70_000 })) }),
  },
  { weight: 1, arbitrary: fc.record({ end: fc.nat({ max: 20 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      key: fc.constantFrom('a', 'b'),
      cost: fc.constantFrom(0, 1, 1, 1, 1, 2, 3),
      which: fc.subarray([0, 1, 2], { minLength: 1 }),
    }),
  },
);

const scenario = fc.record({
  policies: fc.tuple(policy, policy, policy),
  steps: fc.array(step, { minLength: 5, maxLength: 60 }),
});

let runs = 0;

/** Random calls, random pauses, random policies: what the limiter says is what the model says, to the millisecond. */
export function itAgreesWithTheModel(start: () => RateLimiterUnderTest, numRuns: number): void {
  it('agrees with the model on random sequences', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ policies, steps }) => {
        const { limiter, advance } = start();
        const model = new LimitModel();
        const run = `run${runs++}`;
        const named = policies.map((policy, index): LimitPolicy => ({ ...policy, name: `p${index}` }));
        const taken: { release: () => void; end: () => void }[] = [];
        let now = 1_700_000_000_123;

        for (const step of steps) {
          if ('advance' in step) {
            now += step.advance;
            advance(step.advance);
          } else if ('end' in step) {
            const [call] = taken.splice(step.end, 1);
            call?.release();
            call?.end();
          } else {
            const limits = step.which.map((index): Limit => ({
              key: `${run}:${step.key}`,
              policy: named[index] as LimitPolicy,
              cost: step.cost,
            }));
            const { allowed, retryAfterMs, delayMs, states, shadowedBy, release } = await limiter.take(limits);
            const { answer, end } = model.take(limits, now);
            const remaining = states.map((state) => state.remaining);
            expect({ allowed, retryAfterMs, delayMs, remaining, shadowedBy }).toEqual(answer);
            if (release !== undefined) taken.push({ release, end });
          }
        }
        for (const { release } of taken) release();
      }),
      { numRuns },
    );
  });
}
