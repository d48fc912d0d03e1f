import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { balancingPolicies } from '../src/configuration/schema/balance.schema.js';
import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { Load } from './load.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

type Mood = 'well' | 'errors' | 'hangs' | 'resets' | 'is checked badly';

/** An instance whose mood the test changes. Its path /health is in the same mood. */
interface Moody {
  readonly upstream: Upstream;
  mood: Mood;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function aMoody(): Promise<Moody> {
  const answer: RequestListener = (request, response) => {
    const isCheck = request.url === '/health';
    if (isCheck) moody.upstream.requests.pop();
    if (moody.mood === 'errors' || (isCheck && moody.mood === 'is checked badly')) response.writeHead(500).end('no');
    else if (moody.mood === 'resets') request.socket.resetAndDestroy();
    else if (moody.mood !== 'hangs') response.end('ok');
  };
  const moody: Moody = { mood: 'well', upstream: await anUpstream(answer) };
  closing.push(() => moody.upstream.close());
  return moody;
}

/** Everything happens faster than it would by default, so that the test does. */
const fast = {
  timeouts: { headers: '500ms' },
  health: { outliers: { ejection: '1s', maxEjection: '2s', stalledAfter: '300ms' } },
} as const;

const checked = {
  ...fast,
  health: { ...fast.health, check: { interval: '100ms', timeout: '100ms' } },
} as const;

async function gatewayTo(instances: readonly Moody[], service: object): Promise<GatewayUnderTest> {
  return kept(aGateway(everythingTo('', { instances: listed(instances), ...service })));
}

async function kept(starting: Promise<GatewayUnderTest>): Promise<GatewayUnderTest> {
  const gateway = await starting;
  closing.unshift(() => gateway.stop());
  return gateway;
}

const listed = (instances: readonly Moody[]) => instances.map(({ upstream }) => ({ url: upstream.url }));

const threeMoody = (): Promise<[Moody, Moody, Moody]> => Promise.all([aMoody(), aMoody(), aMoody()]);

function loadOn(gateway: GatewayUnderTest, path = '/a'): void {
  const load = new Load(`${gateway.http}${path}`);
  closing.unshift(() => load.stop());
}

/** How many requests each of them gets during the next milliseconds. */
async function requestsDuring(ms: number, instances: readonly Moody[]): Promise<number[]> {
  for (const { upstream } of instances) upstream.requests.length = 0;
  await delay(ms);
  return instances.map(({ upstream }) => upstream.requests.length);
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** On a slow machine even two trials may be more than 1 %. */
const isLeftAlone = ([first = 0, ...others]: readonly number[]): boolean =>
  sum(others) > 0 && (first <= 2 || first < sum([first, ...others]) / 100);

const hasItsShare = ([first = 0, ...others]: readonly number[]): boolean => first > sum([first, ...others]) / 5;

async function eventually(isSo: () => Promise<boolean>): Promise<boolean> {
  const givesUpAt = performance.now() + 10_000;
  while (performance.now() < givesUpAt) if (await isSo()) return true;
  return false;
}

// Which instance a client of consistent-hash gets is another matter: this load comes from one address.
const policies = balancingPolicies.filter((policy) => policy !== 'consistent-hash');

describe('one of three instances', () => {
  it.each(['errors', 'hangs', 'resets'] as const)(
    'that does badly (it %s) gets less than 1 %% of the requests, and its share when it recovers',
    async (mood) => {
      const services = new Map<string, [Moody, Moody, Moody]>();
      for (const policy of policies) services.set(policy, await threeMoody());
      const gateway = await kept(
        aGateway({
          services: Object.fromEntries(
            [...services].map(([balance, instances]) => [balance, { ...fast, balance, instances: listed(instances) }]),
          ) as never,
          routes: policies.map((id) => ({ id, path: `/${id}`, service: id, access: { authenticated: false } })),
        }),
      );
      for (const policy of policies) loadOn(gateway, `/${policy}`);
      const requests = (policy: string, ms: number) => requestsDuring(ms, services.get(policy) ?? []);
      const allOf = async (holds: (policy: string) => Promise<boolean>): Promise<string[]> => {
        const results = await Promise.all(policies.map(async (policy) => ((await holds(policy)) ? policy : '')));
        return results.filter((policy) => policy !== '');
      };

      for (const [first] of services.values()) first.mood = mood;
      const learns = (policy: string) => eventually(async () => isLeftAlone(await requests(policy, 500)));
      expect(await allOf(learns)).toEqual(policies);
      expect(await allOf(async (policy) => isLeftAlone(await requests(policy, 1_000)))).toEqual(policies);
      for (const [first] of services.values()) first.mood = 'well';
      const forgives = (policy: string) => eventually(async () => hasItsShare(await requests(policy, 200)));
      expect(await allOf(forgives)).toEqual(policies);
    },
    30_000,
  );
});

describe('active checks', () => {
  it('put an instance out that would answer, and bring it back', async () => {
    const instances = await threeMoody();
    const [first] = instances;
    loadOn(await gatewayTo(instances, checked));
    first.mood = 'is checked badly';
    expect(await eventually(async () => isLeftAlone(await requestsDuring(100, instances)))).toBe(true);
    first.mood = 'well';
    expect(await eventually(async () => hasItsShare(await requestsDuring(100, instances)))).toBe(true);
  });

  it('are seen at /public/services', async () => {
    const only = await aMoody();
    const gateway = await gatewayTo([only], { ...checked, health: { ...checked.health, panicBelow: 0 } });
    const statusIs = (status: string) => async (): Promise<boolean> => {
      const answer = await fetch(`${gateway.http}/public/services`);
      return (await answer.text()).includes(`"status":"${status}"`);
    };
    expect(await eventually(statusIs('available'))).toBe(true);
    only.mood = 'is checked badly';
    expect(await eventually(statusIs('unavailable'))).toBe(true);
  });
});

describe('when all instances are down', () => {
  it('the gateway says so at once, and when to come again', async () => {
    const instances = await Promise.all([aMoody(), aMoody()]);
    const gateway = await gatewayTo(instances, fast);
    await Promise.all(instances.map(({ upstream }) => upstream.close()));
    for (let request = 0; request < 5; request++) {
      const answer = await fetch(`${gateway.http}/a`);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('only as far as their checks say, they are asked all the same', async () => {
    const instances = await Promise.all([aMoody(), aMoody()]);
    const gateway = await gatewayTo(instances, checked);
    for (const instance of instances) instance.mood = 'is checked badly';
    await delay(500);
    expect((await fetch(`${gateway.http}/a`)).status).toBe(200);
  });
});

describe('consistent-hash', () => {
  it('keeps a client with its instance', async () => {
    const instances = await threeMoody();
    const gateway = await gatewayTo(instances, { balance: 'consistent-hash', hash: { on: 'header', name: 'X-Shard' } });
    const ask = (shard: string) => fetch(`${gateway.http}/a`, { headers: { 'x-shard': shard } });
    for (let request = 0; request < 10; request++) await ask('7');
    expect(instances.map(({ upstream }) => upstream.requests.length).sort()).toEqual([0, 0, 10].sort());
    for (let shard = 0; shard < 50; shard++) await ask(`${shard}`);
    for (const { upstream } of instances) expect(upstream.requests.length).toBeGreaterThan(0);
  });
});
