import fc from 'fast-check';

import type { Instance } from '../instance.js';
import type { PickContext } from '../pick-context.js';
import { aCall, aServiceConfig, PoolUnderTest, type ServiceInput } from '../pool/instance-pool.fixture.js';

const hashing = (count: number, hash: ServiceInput['hash'] = {}): PoolUnderTest =>
  new PoolUnderTest(
    aServiceConfig(
      Array.from({ length: count }, () => ({})),
      { balance: 'consistent-hash', hash },
    ),
  );

const keys = Array.from({ length: 10_000 }, (_, index) => aCall({ identity: { userId: `user-${index}` } }));

const placesOf = (service: PoolUnderTest, calls: readonly PickContext[]): (Instance | undefined)[] =>
  calls.map((call) => service.serve(undefined, call));

const byUser = { on: 'user' } as const;

describe('consistent-hash', () => {
  it.each([
    { on: 'address', name: undefined, same: { clientAddress: '192.0.2.7' } },
    { on: 'user', name: undefined, same: { identity: { userId: 'alice' } } },
    { on: 'header', name: 'X-Shard', same: { headers: { 'x-shard': '7' } } },
    { on: 'cookie', name: 'shard', same: { headers: { cookie: 'a=b; shard=7; c=d' } } },
  ] as const)('keeps a client with its instance by $on', ({ on, name, same }) => {
    const service = hashing(8, name === undefined ? { on } : { on, name });
    const others = (number: number): Partial<PickContext> => ({
      clientAddress: `10.0.0.${number}`,
      headers: {},
      identity: { userId: `user-${number}` },
    });
    const calls = Array.from({ length: 50 }, (_, number) => aCall({ ...others(number), ...same }));
    expect(new Set(placesOf(service, calls)).size).toBe(1);
    const unlike = Array.from({ length: 50 }, (_, number) => aCall(others(number)));
    expect(new Set(placesOf(service, unlike)).size).toBeGreaterThan(4);
  });

  it('moves the keys of an instance that goes, about one in n, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (count, chosen) => {
        const service = hashing(count, byUser);
        const before = placesOf(service, keys);
        const leaving = service.get(chosen % count);
        leaving.state.isDrained = true;
        service.pool.changed();
        const after = placesOf(service, keys);
        const moved = before.filter((place, index) => place !== after[index]);
        expect(new Set(moved)).toEqual(new Set([leaving]));
        expect(moved.length / keys.length).toBeGreaterThan(0.6 / count);
        expect(moved.length / keys.length).toBeLessThan(1.5 / count);
      }),
      { numRuns: 20 },
    );
  });

  it('does the same when the configuration no longer lists it, and when it comes back', () => {
    const listed = [{}, {}, {}, {}];
    const config = { balance: 'consistent-hash', hash: byUser } as const;
    const service = new PoolUnderTest(aServiceConfig(listed, config));
    const before = placesOf(service, keys).map((place) => place?.model.origin);
    service.adopt(aServiceConfig(listed.slice(0, 3), config));
    const without = placesOf(service, keys).map((place) => place?.model.origin);
    expect(before.filter((place, index) => place !== without[index] && place !== 'http://d')).toEqual([]);
    service.adopt(aServiceConfig(listed, config));
    expect(placesOf(service, keys).map((place) => place?.model.origin)).toEqual(before);
  });

  it('lets nobody be overrun by a busy client', () => {
    const service = hashing(4, { ...byUser, maxLoad: 125 });
    const alice = aCall({ identity: { userId: 'alice' } });
    for (let request = 0; request < 400; request++) service.pick(alice);
    for (const { state } of service.pool.members) expect(state.inFlight).toBeLessThanOrEqual(125);
  });

  it('keeps a busy client with its instance where load does not count', () => {
    const service = hashing(4, { ...byUser, maxLoad: 0 });
    const alice = aCall({ identity: { userId: 'alice' } });
    for (let request = 0; request < 400; request++) service.pick(alice);
    expect(service.pool.members.map(({ state }) => state.inFlight).sort((a, b) => b - a)).toEqual([400, 0, 0, 0]);
  });
});
