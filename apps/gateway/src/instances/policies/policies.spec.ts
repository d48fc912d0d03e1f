import fc from 'fast-check';

import { balancingPolicies, type BalancingPolicyName } from '../../configuration/schema/balance.schema.js';
import type { Instance } from '../instance.js';
import { aCall, aServiceConfig, PoolUnderTest, type ServiceInput } from '../pool/instance-pool.fixture.js';

const under = (balance: BalancingPolicyName, weights: number[], input: ServiceInput = {}, seed = 1): PoolUnderTest =>
  new PoolUnderTest(
    aServiceConfig(
      weights.map((weight) => ({ weight })),
      { balance, ...input },
    ),
    seed,
  );

const letters = (service: PoolUnderTest, count: number): string =>
  Array.from({ length: count }, () => service.serve()?.model.origin.at(-1)).join('');

const fromAddress = (request: number) =>
  aCall({ clientAddress: `10.${request % 199}.${request % 211}.${request % 223}` });

const weightLists = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe.each(balancingPolicies)('every policy, here %s', (balance) => {
  it('picks the only candidate', () => {
    expect(letters(under(balance, [1]), 3)).toBe('aaa');
  });

  it('gives equal instances equal shares', () => {
    for (const share of under(balance, [1, 1, 1]).shares(30_000, fromAddress)) expect(share).toBeCloseTo(1 / 3, 1);
  });

  it('gives equal instances equal shares under load', () => {
    const service = under(balance, [1, 1, 1]);
    const counts = new Map<Instance | undefined, number>();
    const busy: Instance[] = [];
    for (let request = 0; request < 30_000; request++) {
      const picked = service.pick(fromAddress(request)) as Instance;
      counts.set(picked, (counts.get(picked) ?? 0) + 1);
      busy.push(picked);
      const [oldest] = busy;
      if (busy.length > 64 && oldest !== undefined) service.finish(busy.shift() ?? oldest, 'answered', 1);
    }
    for (const member of service.pool.members) expect((counts.get(member) ?? 0) / 30_000).toBeCloseTo(1 / 3, 1);
  });

  it('never picks another than a candidate, whoever comes and goes', () => {
    const everyone = under(balance, [1, 2, 3, 4]);
    const drain = (index: number, isDrained: boolean): void => {
      everyone.get(index).state.isDrained = isDrained;
      everyone.pool.changed();
    };
    for (let run = 0; run < 200; run++) {
      drain(run % 4, true);
      drain((run * 7) % 4, true);
      for (let request = 0; request < 10; request++) expect(everyone.serve()?.state.isDrained).toBe(false);
      drain(run % 4, false);
      drain((run * 7) % 4, false);
    }
  });

  it('gives a request another instance than those that failed it', () => {
    const service = under(balance, [1, 1, 1]);
    const [a, b, c] = service.pool.members as [Instance, Instance, Instance];
    for (let request = 0; request < 50; request++) {
      expect(service.pick(fromAddress(request), [a, c])).toBe(b);
      expect(service.pick(fromAddress(request), [a, b, c])).toBeUndefined();
    }
  });
});

describe.each(balancingPolicies.filter((name) => name !== 'round-robin'))(
  'every policy with weights, here %s',
  (balance) => {
    it('lets shares converge to weights', () => {
      // The shares of a ring differ by how its points happen to fall.
      const tolerance = balance === 'consistent-hash' ? 0.12 : 0.025;
      fc.assert(
        fc.property(weightLists, fc.integer(), (weights, seed) => {
          const shares = under(balance, weights, {}, seed).shares(10_000, fromAddress);
          const total = sum(weights);
          shares.forEach((share, index) => {
            expect(Math.abs(share - (weights[index] ?? 0) / total)).toBeLessThan(tolerance);
          });
        }),
        { numRuns: 25 },
      );
    });
  },
);

describe('round-robin', () => {
  it('goes from one to the next, whatever their weights', () => {
    expect('abcabcabc').toContain(letters(under('round-robin', [5, 1, 1]), 7));
  });
});

describe('weighted', () => {
  it('spreads the requests of the heavy one', () => {
    fc.assert(
      fc.property(weightLists, fc.integer(), (weights, seed) => {
        const service = under('weighted', weights, {}, seed);
        const total = sum(weights);
        const given = new Map<Instance, number>();
        for (let round = 1; round <= total; round++) {
          const picked = service.serve() as Instance;
          given.set(picked, (given.get(picked) ?? 0) + 1);
          for (const member of service.pool.members) {
            expect(Math.abs((given.get(member) ?? 0) - (round * member.weight) / total)).toBeLessThan(weights.length);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('owes nothing to one that was away', () => {
    const service = under('weighted', [1, 1]);
    const a = service.get(0);
    a.state.isDrained = true;
    service.pool.changed();
    letters(service, 1_000);
    a.state.isDrained = false;
    service.pool.changed();
    expect(letters(service, 10).replaceAll('b', '')).toHaveLength(5);
  });
});

describe('least-connections', () => {
  it('always picks one with the fewest unfinished requests for its weight', () => {
    fc.assert(
      fc.property(weightLists, fc.array(fc.nat(), { maxLength: 200 }), (weights, finishes) => {
        const service = under('least-connections', weights);
        const busy: Instance[] = [];
        for (const finish of finishes) {
          const load = ({ state, weight }: Instance): number => state.inFlight / weight;
          const least = Math.min(...service.pool.members.map(load));
          const before = new Map(service.pool.members.map((member) => [member, load(member)]));
          const picked = service.pick() as Instance;
          expect(before.get(picked)).toBeCloseTo(least, 9);
          busy.push(picked);
          if (finish % 3 > 0) service.finish(busy.splice(finish % busy.length, 1)[0] as Instance, 'answered');
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('p2c', () => {
  it('leaves one alone that does not finish what it has', () => {
    const service = under('p2c', [1, 1, 1], { health: { outliers: { stalledAfter: '0s' } } });
    const slow = service.get(0);
    let toSlow = 0;
    for (let request = 0; request < 1_000; request++) {
      const picked = service.pick() as Instance;
      if (picked === slow) toSlow++;
      else service.finish(picked, 'answered');
    }
    expect(toSlow).toBe(1);
  });
});

describe('ewma', () => {
  const latencies = (service: PoolUnderTest, slowMs: number, count: number): number[] => {
    const counts = [0, 0, 0];
    for (let request = 0; request < count; request++) {
      service.now += 1;
      const picked = service.pick() as Instance;
      const index = service.pool.members.indexOf(picked);
      counts[index] = (counts[index] ?? 0) + 1;
      service.finish(picked, 'answered', index === 0 ? slowMs : 10);
    }
    return counts;
  };

  it('sends a slow one little, but never nothing', () => {
    const [slow = 0] = latencies(under('ewma', [1, 1, 1]), 200, 10_000);
    expect(slow).toBeGreaterThan(20);
    expect(slow).toBeLessThan(200);
  });

  it('notices that a slow one is fast again', () => {
    const service = under('ewma', [1, 1, 1]);
    latencies(service, 200, 1_000);
    latencies(service, 10, 25_000);
    const [again = 0] = latencies(service, 10, 3_000);
    expect(again).toBeGreaterThan(800);
  });

  it('does not take failing fast for being fast', () => {
    const service = under('ewma', [1, 1, 1], { health: { outliers: { consecutiveFailures: 0, errorShare: 0 } } });
    latencies(service, 10, 300);
    const failing = service.get(0);
    let toFailing = 0;
    for (let request = 0; request < 1_000; request++) {
      service.now += 1;
      const picked = service.pick() as Instance;
      if (picked === failing) toFailing++;
      service.finish(picked, picked === failing ? 'error' : 'answered', picked === failing ? 0 : 10);
    }
    expect(toFailing).toBeLessThan(50);
  });
});
