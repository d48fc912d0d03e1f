import fc from 'fast-check';

import { ClientShares, type Place } from './client-shares.js';

const alice = { network: '10.0.0.1', userId: 'alice' };
const nobody = (network: string) => ({ network, userId: '' });
const isWanted = (): boolean => true;

const shares = (most: number, queue = 10): ClientShares => new ClientShares({ most, queue });
const taken = (place: Place | undefined): Place => {
  if (place === undefined) throw new Error('there was no place');
  return place;
};

describe('ClientShares', () => {
  it('gives one address its share and no more, whoever calls from there', () => {
    const all = shares(2);
    expect([all.take(alice), all.take(nobody('10.0.0.1')), all.take({ ...alice, userId: 'bob' })]).toEqual([
      expect.anything(),
      expect.anything(),
      undefined,
    ]);
    expect(all.take(nobody('10.0.0.2'))).toBeDefined();
  });

  it('gives one user their share and no more, wherever they call from', () => {
    const all = shares(1);
    expect([all.take(alice), all.take({ ...alice, network: '10.0.0.2' })]).toEqual([expect.anything(), undefined]);
    expect(all.take({ network: '10.0.0.2', userId: 'bob' })).toBeDefined();
  });

  it('lets who waits in as soon as one of theirs has ended, in the order in which they came', async () => {
    const all = shares(1);
    const first = taken(all.take(alice));
    const order: string[] = [];
    const second = all.turn(alice, Infinity, isWanted).then((place) => (order.push('second'), place));
    const third = all.turn(alice, Infinity, isWanted).then((place) => (order.push('third'), place));
    first.leave();
    first.leave();
    const place = taken(await second);
    expect(order).toEqual(['second']);
    place.leave();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('keeps nobody waiting for longer than they may, or when nobody wants it any more', async () => {
    const all = shares(1);
    all.take(alice);
    let isThere = true;
    const late = all.turn(alice, 100, isWanted);
    const gone = all.turn(alice, 1_000, () => isThere);
    all.sweep(99);
    all.sweep(100);
    expect(await late).toBeUndefined();
    isThere = false;
    all.sweep(101);
    expect(await gone).toBeUndefined();
  });

  it('does not let one client fill the queue', async () => {
    const all = shares(1, 1);
    all.take(alice);
    void all.turn(alice, Infinity, isWanted);
    expect(await all.turn(alice, Infinity, isWanted)).toBeUndefined();
    all.take(nobody('10.0.0.2'));
    const other = all.turn(nobody('10.0.0.2'), 1, isWanted);
    all.sweep(2);
    expect(await other).toBeUndefined();
  });

  it('never lets more of one address or user in than their share, and loses no place', () => {
    const deed = fc.record({ network: fc.nat(2), user: fc.nat(3), leaves: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (deeds, most) => {
        const all = shares(most);
        const inside: { place: Place; network: string; userId: string }[] = [];
        for (const { network, user, leaves, which } of deeds) {
          if (leaves && inside.length > 0) inside.splice(which % inside.length, 1)[0]?.place.leave();
          else {
            const client = { network: String(network), userId: user === 0 ? '' : String(user) };
            const ofNetwork = inside.filter((each) => each.network === client.network).length;
            const ofUser = inside.filter((each) => client.userId !== '' && each.userId === client.userId).length;
            const place = all.take(client);
            expect(place !== undefined).toBe(ofNetwork < most && ofUser < most);
            if (place !== undefined) inside.push({ place, ...client });
          }
          all.sweep(0);
        }
      }),
    );
  });
});
