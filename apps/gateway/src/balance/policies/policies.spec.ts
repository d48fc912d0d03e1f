import { balancingPolicies } from '../../configuration/service.schema.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import { type Instance, newInstance } from '../instance.js';
import { policyFor } from '../policy-for.js';
import { LeastConnections } from './least-connections.js';
import { Random } from './random.js';
import { RoundRobin } from './round-robin.js';
import { SmoothWeighted } from './weighted.js';

const instances = (...weights: number[]): Instance[] =>
  weights.map((weight, index) => newInstance({ origin: 'abcdef'[index] ?? '', weight }));

const picks = (policy: BalancingPolicy, candidates: readonly Instance[], count: number): string =>
  Array.from({ length: count }, () => policy.pick(candidates).model.origin).join('');

describe.each(balancingPolicies)('every policy, here %s', (name) => {
  it('picks the only candidate', () => {
    expect(picks(policyFor(name), instances(1), 3)).toBe('aaa');
  });

  it('gives equal instances equal shares', () => {
    const policy = policyFor(name);
    const candidates = instances(1, 1, 1);
    const counts = new Map<Instance, number>();
    for (let run = 0; run < 3_000; run++) {
      const picked = policy.pick(candidates);
      counts.set(picked, (counts.get(picked) ?? 0) + 1);
    }
    for (const candidate of candidates) expect(Math.abs((counts.get(candidate) ?? 0) - 1_000)).toBeLessThan(150);
  });

  it('copes with candidates that come and go', () => {
    const policy = policyFor(name);
    const all = instances(1, 2, 3);
    for (let run = 0; run < 100; run++) {
      const some = all.filter((_, index) => (run + index) % 3 !== 0);
      expect(some).toContain(policy.pick(some));
    }
  });
});

describe('round-robin', () => {
  it('goes from one to the next', () => {
    expect(picks(new RoundRobin(), instances(1, 1, 1), 7)).toBe('abcabca');
  });
});

describe('weighted', () => {
  it('spreads the share of the heavy one', () => {
    expect(picks(new SmoothWeighted(), instances(5, 1, 1), 14)).toBe('aabacaaaabacaa');
  });
});

describe('least-connections', () => {
  it('picks the one with the fewest unfinished requests', () => {
    const candidates = instances(1, 1, 1);
    [3, 1, 2].forEach((inFlight, index) => ((candidates[index] as Instance).state.inFlight = inFlight));
    expect(picks(new LeastConnections(), candidates, 3)).toBe('bbb');
  });
});

describe('random', () => {
  it('picks what chance says', () => {
    const chance = [0, 0.5, 0.999];
    expect(picks(new Random(() => chance.shift() ?? 0), instances(1, 1, 1), 3)).toBe('abc');
  });
});
