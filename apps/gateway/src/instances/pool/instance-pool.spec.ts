import fc from 'fast-check';

import { balancingPolicies } from '../../configuration/schema/balance.schema.js';
import type { Instance } from '../instance.js';
import { statusOf } from '../instance-status.js';
import type { Outcome } from '../outcome.js';
import { judge } from '../checks/judge.js';
import { aCall, aServiceConfig, type Listed, PoolUnderTest, type ServiceInput } from './instance-pool.fixture.js';

const three: readonly Listed[] = [{}, {}, {}];

const service = (listed: readonly Listed[] = three, input: ServiceInput = {}): PoolUnderTest =>
  new PoolUnderTest(aServiceConfig(listed, { balance: 'round-robin', ...input }));

const outliers = (settings: NonNullable<NonNullable<ServiceInput['health']>['outliers']>): ServiceInput => ({
  health: { outliers: settings },
});

/** The names of all that get one of so many requests. */
const pickedOf = (under: PoolUnderTest, count: number): string =>
  [...new Set(Array.from({ length: count }, () => under.serve()?.model.origin.at(-1)))].sort().join('');

const statusIn = (under: PoolUnderTest, index: number): string => statusOf(under.get(index), under.now);

describe('an instance that fails', () => {
  it('is left alone after five failures in a row', () => {
    const under = service();
    const [a] = under.pool.members as [Instance];
    for (let failure = 0; failure < 4; failure++) under.serve((picked) => (picked === a ? 'error' : 'answered'));
    while (a.state.consecutiveFailures > 0 && a.state.consecutiveFailures < 4)
      under.serve((picked) => (picked === a ? 'reset' : 'answered'));
    expect(statusIn(under, 0)).toBe('fit');
    while (statusIn(under, 0) === 'fit') under.serve((picked) => (picked === a ? 'timeout' : 'answered'));
    expect(statusIn(under, 0)).toBe('ejected');
    expect(pickedOf(under, 100)).toBe('bc');
  });

  it('is not left alone for failures with successes between them', () => {
    const under = service(three, outliers({ errorShare: 0 }));
    const a = under.get(0);
    let turn = 0;
    for (let request = 0; request < 600; request++) {
      under.serve((picked) => (picked === a && ++turn % 5 !== 0 ? 'error' : 'answered'));
    }
    expect(statusIn(under, 0)).toBe('fit');
  });

  it('is left alone when its share of failures is far above that of the others', () => {
    const under = service();
    const a = under.get(0);
    let turn = 0;
    for (let request = 0; request < 100; request++) {
      under.serve((picked) => (picked === a && ++turn % 2 === 0 ? 'error' : 'answered'));
    }
    expect(statusIn(under, 0)).toBe('ejected');
  });

  it('is not left alone when the others do as badly', () => {
    const under = service();
    let turn = 0;
    for (let request = 0; request < 600; request++) {
      under.now += 100;
      under.serve(() => (++turn % 9 < 5 ? 'error' : 'answered'));
    }
    expect([0, 1, 2].map((index) => statusIn(under, index))).toEqual(['fit', 'fit', 'fit']);
  });

  it('that breaks answers after they began is found out too', () => {
    const under = service();
    const a = under.get(0);
    for (let request = 0; request < 100; request++) {
      const picked = under.pick() as Instance;
      under.pool.report(picked, 'answered', 0, under.now);
      if (picked === a) under.pool.report(picked, 'broken', 0, under.now);
      under.pool.release(picked);
    }
    expect(statusIn(under, 0)).toBe('ejected');
  });

  it('is not blamed for clients that go away', () => {
    const under = service();
    for (let request = 0; request < 300; request++) under.serve(() => 'cancelled');
    expect(statusIn(under, 0)).toBe('fit');
    expect(under.get(0).state).toMatchObject({ inFlight: 0, unanswered: 0 });
  });

  it('comes back on trial: one request, and its share again when that goes well', () => {
    const under = service();
    const a = under.get(0);
    under.breakDown(0);
    under.now += 5_000;
    expect(statusIn(under, 0)).toBe('trial');
    const held = Array.from({ length: 100 }, () => under.pick() as Instance);
    expect(held.filter((picked) => picked === a)).toHaveLength(1);
    for (const picked of held) under.finish(picked, 'answered');
    expect(statusIn(under, 0)).toBe('fit');
    expect(under.shares(300)[0]).toBeCloseTo(1 / 3, 1);
  });

  it('on trial is better than none for a request that all others have failed', () => {
    const under = service([{}, {}]);
    under.breakDown(0);
    expect(under.pick(aCall(), [under.get(1)])).toBeUndefined();
    under.now += 5_000;
    expect(under.pick(aCall(), [under.get(1)])).toBe(under.get(0));
    expect(under.pick(aCall(), [under.get(1)])).toBeUndefined();
  });

  it('is out twice as long each time that its trial fails, up to the maximum', () => {
    const under = service();
    const a = under.get(0);
    under.breakDown(0);
    const lengths: number[] = [];
    for (let round = 0; round < 6; round++) {
      const { since = 0, until = 0 } = a.state.ejection ?? {};
      lengths.push(until - since);
      under.now = until;
      while (statusIn(under, 0) === 'trial') under.serve((picked) => (picked === a ? 'error' : 'answered'));
    }
    expect(lengths).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('has its past forgotten after it has done well for as long as the longest ejection', () => {
    const under = service();
    const a = under.get(0);
    under.breakDown(0);
    under.now += 5_000;
    while (statusIn(under, 0) === 'trial') under.serve();
    under.now += 60_001;
    under.breakDown(0);
    expect((a.state.ejection?.until ?? 0) - under.now).toBe(5_000);
  });

  it('is not judged by what it was asked before it was put out', () => {
    const under = service();
    const a = under.get(0);
    const slow: Instance[] = [];
    while (slow.length < 5) {
      const picked = under.pick() as Instance;
      if (picked === a) slow.push(picked);
      else under.finish(picked, 'answered');
    }
    under.now += 100;
    under.breakDown(0);
    under.now += 5_000;
    for (const picked of slow) under.finish(picked, 'timeout', 5_100);
    expect(statusIn(under, 0)).toBe('trial');
    expect(a.state.ejections).toBe(1);
  });

  it('is left alone for a second when it cannot be connected to', () => {
    const under = service();
    const a = under.get(0);
    while (statusIn(under, 0) === 'fit') under.serve((picked) => (picked === a ? 'unreachable' : 'answered'));
    expect(statusIn(under, 0)).toBe('unreachable');
    under.now += 999;
    expect(pickedOf(under, 50)).toBe('bc');
    under.now += 1;
    expect(pickedOf(under, 50)).toBe('abc');
  });

  it('and hangs is left alone while another answers', () => {
    const under = service();
    const a = under.get(0);
    const hang = (count: number): void => {
      for (let request = 0; request < count; request++) {
        const picked = under.pick() as Instance;
        if (picked !== a) under.finish(picked, 'answered');
      }
    };
    hang(30);
    under.now += 3_001;
    expect(statusIn(under, 0)).toBe('fit');
    hang(30);
    expect(statusIn(under, 0)).toBe('ejected');
    expect(a.state.ejection?.because).toBe('stalled');
  });

  it('and hangs is kept while nobody else answers either', () => {
    const under = service();
    for (let request = 0; request < 30; request++) under.pick();
    under.now += 10_000;
    for (let request = 0; request < 30; request++) under.pick();
    expect([0, 1, 2].map((index) => statusIn(under, index))).toEqual(['fit', 'fit', 'fit']);
  });

  it('is kept when too many are out already', () => {
    const under = service([{}, {}, {}, {}], outliers({ maxEjected: 50 }));
    for (const index of [0, 1, 2]) under.breakDown(index);
    expect([0, 1, 2, 3].map((index) => statusIn(under, index)).filter((status) => status === 'ejected')).toHaveLength(
      2,
    );
  });

  it('is kept when it is the only one', () => {
    const under = service([{}]);
    for (let request = 0; request < 100; request++) under.serve(() => 'error');
    expect(under.serve()).toBe(under.get(0));
  });
});

describe('active checks', () => {
  it('put an instance out and bring it back', () => {
    const under = service();
    const a = under.get(0);
    judge(a, 'unhealthy', under.now);
    expect(statusIn(under, 0)).toBe('unhealthy');
    expect(pickedOf(under, 50)).toBe('bc');
    judge(a, 'healthy', under.now);
    expect(pickedOf(under, 50)).toBe('abc');
  });
});

describe('backups', () => {
  const withBackup: readonly Listed[] = [{}, {}, { backup: true }];

  it('get nothing while others are fit', () => {
    const under = service(withBackup);
    judge(under.get(0), 'unhealthy', under.now);
    expect(pickedOf(under, 50)).toBe('b');
  });

  it('get everything when no other is fit', () => {
    const under = service(withBackup);
    judge(under.get(0), 'unhealthy', under.now);
    judge(under.get(1), 'unhealthy', under.now);
    expect(pickedOf(under, 50)).toBe('c');
    judge(under.get(0), 'healthy', under.now);
    expect(pickedOf(under, 50)).toBe('a');
  });

  it('join those that are left when they are too few', () => {
    const under = service(withBackup, { health: { panicBelow: 60 } });
    judge(under.get(0), 'unhealthy', under.now);
    expect(pickedOf(under, 50)).toBe('bc');
  });
});

describe('panic', () => {
  const allUnhealthy = (under: PoolUnderTest): void => {
    for (const member of under.pool.members) judge(member, 'unhealthy', under.now);
  };

  it('lets all take part when too few are fit', () => {
    const under = service([{}, {}, {}, {}, {}]);
    allUnhealthy(under);
    judge(under.get(0), 'healthy', under.now);
    expect(pickedOf(under, 50)).toBe('abcde');
    expect(under.pool.isInPanic).toBe(true);
    judge(under.get(1), 'healthy', under.now);
    expect(pickedOf(under, 50)).toBe('ab');
    expect(under.pool.isInPanic).toBe(false);
  });

  it('leaves out what is drained and what cannot be connected to', () => {
    const under = service();
    allUnhealthy(under);
    under.get(0).state.isDrained = true;
    under.pool.changed();
    while (under.get(1).state.ejection === undefined) {
      under.serve((picked) => (picked === under.get(1) ? 'unreachable' : 'answered'));
    }
    expect(pickedOf(under, 50)).toBe('c');
  });

  it('can be turned off: then nobody gets anything', () => {
    const under = service(three, { health: { panicBelow: 0 } });
    allUnhealthy(under);
    expect(under.serve()).toBeUndefined();
    expect(under.pool.isAvailable(under.now)).toBe(false);
  });
});

describe.each(balancingPolicies.filter((name) => name !== 'consistent-hash'))('slow start, here with %s', (balance) => {
  it('lets the share of a new instance grow', () => {
    const input = { balance, slowStart: '10s' } as const;
    const under = new PoolUnderTest(aServiceConfig([{}], input));
    under.now += 60_000;
    under.adopt(aServiceConfig([{}, {}], input));
    const shareAfter = (ms: number): number => {
      under.now += ms;
      return under.shares(4_000)[1] ?? 0;
    };
    // A tenth beside a whole, a half beside a whole, and two alike.
    const shares = [shareAfter(0), shareAfter(5_000), shareAfter(5_000)];
    [1 / 11, 1 / 3, 1 / 2].forEach((share, index) => expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThan(0.06));
  });
});

type Step = readonly [kind: 'request' | 'finish' | 'wait' | 'check' | 'drain' | 'adopt', choice: number];

const outcomes: readonly Outcome[] = ['answered', 'error', 'unreachable', 'timeout', 'reset', 'cancelled', 'answered'];

describe('whatever happens', () => {
  it.each(balancingPolicies)(
    '%s picks what is fit or on trial, unless in panic, and nothing that is drained',
    (balance) => {
      const step = fc.tuple(
        fc.constantFrom('request', 'request', 'request', 'finish', 'finish', 'wait', 'check', 'drain', 'adopt'),
        fc.nat({ max: 9_999 }),
      );
      fc.assert(
        fc.property(fc.array(step as fc.Arbitrary<Step>, { maxLength: 300 }), fc.integer(), (steps, seed) => {
          const all = Array.from({ length: 6 }, (_, index) => ({ weight: 1 + (index % 3), backup: index === 5 }));
          const input = { balance, slowStart: '2s' } as const;
          const under = new PoolUnderTest(aServiceConfig(all, input), seed);
          const busy: Instance[] = [];
          for (const [kind, choice] of steps) {
            const member = under.pool.members[choice % under.pool.members.length] as Instance;
            if (kind === 'wait') under.now += choice;
            if (kind === 'check') judge(member, choice % 2 === 0 ? 'healthy' : 'unhealthy', under.now);
            if (kind === 'adopt') under.adopt(aServiceConfig(all.slice(0, 1 + (choice % all.length)), input));
            if (kind === 'drain') {
              member.state.isDrained = choice % 2 === 0;
              under.pool.changed();
            }
            if (kind === 'finish' && busy.length > 0) {
              const [finished] = busy.splice(choice % busy.length, 1);
              under.finish(finished as Instance, outcomes[choice % outcomes.length] ?? 'answered', choice % 1_000);
            }
            if (kind === 'request') {
              const before = new Map(under.pool.members.map((each) => [each, statusOf(each, under.now)]));
              const picked = under.pick(aCall({ clientAddress: `10.0.0.${choice % 200}` }), busy.slice(0, choice % 2));
              if (picked === undefined) continue;
              busy.push(picked);
              expect(before.has(picked)).toBe(true);
              if (!under.pool.isInPanic) expect(['fit', 'trial']).toContain(before.get(picked));
              else expect(['draining', 'unreachable']).not.toContain(before.get(picked));
            }
            for (const each of under.pool.members) {
              expect(each.state.inFlight).toBe(busy.filter((instance) => instance === each).length);
              expect(each.state.unanswered).toBe(each.state.inFlight);
            }
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});
