import { aServiceConfig, PoolUnderTest } from '../pool/instance-pool.fixture.js';
import { statusOf } from '../instance-status.js';
import { judge, vouchFor } from './judge.js';

const aService = (): PoolUnderTest => new PoolUnderTest(aServiceConfig([{}, {}, {}], { balance: 'round-robin' }));

describe('judge', () => {
  it('says whether that is news', () => {
    const under = aService();
    const verdicts = ['healthy', 'unhealthy', 'unhealthy', 'healthy'] as const;
    expect(verdicts.map((verdict) => judge(under.get(0), verdict, under.now))).toEqual([false, true, false, true]);
  });

  it('ends an ejection when the instance is well again', () => {
    const under = aService();
    under.breakDown(0);
    judge(under.get(0), 'unhealthy', under.now);
    judge(under.get(0), 'healthy', under.now);
    expect(statusOf(under.get(0), under.now)).toBe('fit');
  });
});

describe('vouchFor', () => {
  it('ends a long ejection with a trial, but no sooner than the shortest one', () => {
    const under = aService();
    const a = under.get(0);
    under.breakDown(0);
    under.now += 5_000;
    while (statusOf(a, under.now) === 'trial') under.serve((picked) => (picked === a ? 'error' : 'answered'));
    under.now += 4_999;
    vouchFor(a, under.now);
    expect(statusOf(a, under.now)).toBe('ejected');
    under.now += 1;
    vouchFor(a, under.now);
    expect(statusOf(a, under.now)).toBe('trial');
  });
});
