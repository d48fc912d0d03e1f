import { Reflector } from '@nestjs/core';

import { Metrics } from '@libs/observability';
import { type Limit, MemoryRateLimiter } from '@libs/rate-limits';
import { anIdentity } from '@libs/testing';

import { aRequest, type RequestSketch } from '../authenticate/a-request.fixture.js';
import { AddressGuard } from './address.guard.js';
import { policyField } from '../../limits/rate-limit-fields.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { aStorage } from './storage.fixture.js';
import { spendDeferredAddressLimit } from '../../request/deferred-address-limit.js';

const options = { throttlers: [{ name: 'stage', ttl: 1, limit: 1 }] };
const sliding = { algorithm: 'sliding-window', window: '60s' } as const;

describe('RateLimitGuard', () => {
  const rateLimits: RequestSketch['rateLimits'] = {
    'by-user': { ...sliding, key: 'user', quota: 600 },
    'by-route': { ...sliding, key: 'route', quota: 2 },
  };
  let now: number;
  let metrics: Metrics;
  let guard: RateLimitGuard;

  beforeEach(async () => {
    now = 1_700_000_000_000;
    metrics = new Metrics('gateway');
    const storage = aStorage(new MemoryRateLimiter({ clock: () => now }), metrics);
    guard = new RateLimitGuard(options, storage, new Reflector());
    await guard.onModuleInit();
  });

  it('tells what is left, as the IETF draft has it', async () => {
    const { context, execution } = aRequest({ identity: anIdentity(), rateLimits });
    expect(await guard.canActivate(execution)).toBe(true);
    expect(context.answerHeaders).toEqual({
      'ratelimit-policy': '"by-user";q=600;w=60, "by-route";q=2;w=60',
      ratelimit: '"by-user";r=599;t=60, "by-route";r=1;t=60',
    });
  });

  it('spends from what the caller may, beside the limits of the route', async () => {
    const policy = { name: 'own-60s', algorithm: 'sliding-window', quota: 1, windowMs: 60_000 } as const;
    const own = { name: 'own-60s', policy, cost: 1, keyOf: () => 'api-key:key-1', policyField: policyField(policy) };
    const call = async () => {
      const { context, execution } = aRequest({ identity: anIdentity(), rateLimits });
      context.callerLimits = [own];
      return guard.canActivate(execution);
    };
    expect(await call()).toBe(true);
    await expect(call()).rejects.toMatchObject({ code: 'RATE_LIMITED', internal: 'refused by own-60s' });
  });

  it.each([
    { cost: 4, left: 6 },
    { cost: 12, left: 0 },
  ])(
    'spends what the route costs, $cost, from what the caller may, and never more than there is',
    async ({ cost, left }) => {
      const policy = { name: 'own-60s', algorithm: 'sliding-window', quota: 10, windowMs: 60_000 } as const;
      const own = { name: 'own-60s', policy, cost: 1, keyOf: () => 'api-key:key-1', policyField: policyField(policy) };
      const limits = { 'by-user': { ...sliding, key: 'user', quota: 600 } } satisfies RequestSketch['rateLimits'];
      const { context, execution } = aRequest({ identity: anIdentity(), rateLimits: limits, cost });
      context.callerLimits = [own];
      await guard.canActivate(execution);
      expect(context.answerHeaders['ratelimit']).toBe(`"by-user";r=${600 - cost};t=60, "own-60s";r=${left};t=60`);
    },
  );

  it('counts a tenant by the quota of its plan, over the window of the limit, and what is spent counts on', async () => {
    const limits: RequestSketch['rateLimits'] = {
      'by-tenant': { ...sliding, key: 'tenant', quota: 600 },
      'by-user': { ...sliding, key: 'user', quota: 600 },
    };
    const call = async (planned: { quota: number; windowSeconds: number } | undefined) => {
      const { context, execution } = aRequest({ identity: anIdentity(), rateLimits: limits });
      context.planned = planned;
      await guard.canActivate(execution);
      return context.answerHeaders['ratelimit'];
    };
    expect(await call({ quota: 300, windowSeconds: 3600 })).toBe('"by-tenant";r=4;t=60, "by-user";r=599;t=60');
    for (let spent = 0; spent < 4; spent += 1) await call({ quota: 300, windowSeconds: 3600 });
    await expect(call({ quota: 300, windowSeconds: 3600 })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await call({ quota: 7, windowSeconds: 60 })).toMatch(/^"by-tenant";r=1;/);
    expect(await call(undefined)).toMatch(/^"by-tenant";r=593;/);
  });

  it('refuses when one limit is spent, says when to come back, and spends nothing', async () => {
    const call = async () => {
      const request = aRequest({ identity: anIdentity(), rateLimits });
      await guard.canActivate(request.execution).catch((error: unknown) => Object.assign(request, { error }));
      return request;
    };
    await call();
    await call();
    now += 20_500;
    const refused = await call();
    expect(refused).toMatchObject({
      error: { code: 'RATE_LIMITED', headers: { 'retry-after': '41' } },
      context: { answerHeaders: { ratelimit: '"by-user";r=598;t=41, "by-route";r=0;t=41' } },
    });
  });

  const eventsOf = async (name: string) => {
    const { text } = await metrics.render();
    return text.split('\n').filter((line) => line.startsWith('gateway_rate_limit_events_total') && line.includes(name));
  };

  it('spends what the route costs', async () => {
    const { context, execution } = aRequest({
      rateLimits: { 'by-route': { ...sliding, key: 'route', quota: 10 } },
      cost: 4,
    });
    await guard.canActivate(execution);
    expect(context.answerHeaders['ratelimit']).toBe('"by-route";r=6;t=60');
  });

  it('lets requests wait for their turn', async () => {
    const call = () =>
      aRequest({
        rateLimits: { paced: { key: 'route', algorithm: 'leaky-bucket', quota: 50, window: '1s', maxDelay: '1s' } },
      });
    await guard.canActivate(call().execution);
    const before = performance.now();
    await Promise.all([guard.canActivate(call().execution), guard.canActivate(call().execution)]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(38);
    expect(await eventsOf('paced')).toEqual([expect.stringMatching(/event="delayed".* 2$/)]);
  });

  it('counts requests at once, from here to the end of the answer', async () => {
    const call = () => aRequest({ rateLimits: { 'at-once': { key: 'route', algorithm: 'concurrency', quota: 1 } } });
    const first = call();
    await guard.canActivate(first.execution);
    expect(first.context.answerHeaders).toEqual({
      'ratelimit-policy': '"at-once";q=1;qu="concurrent-requests"',
      ratelimit: '"at-once";r=0',
    });
    await expect(guard.canActivate(call().execution)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      headers: { 'retry-after': '1' },
    });
    first.response.emit('close');
    expect(await guard.canActivate(call().execution)).toBe(true);
  });

  it('lets a shadow refuse nobody, counts what it would have done, and does not tell clients', async () => {
    const call = () => aRequest({ rateLimits: { tighter: { key: 'route', quota: 1, shadow: true } } });
    await guard.canActivate(call().execution);
    const { context, execution } = call();
    expect(await guard.canActivate(execution)).toBe(true);
    expect(context.answerHeaders).toEqual({});
    expect(context.flag).toBe('');
    expect(await eventsOf('tighter')).toEqual([expect.stringMatching(/event="shadow".* 1$/)]);
  });

  it('refuses with 503 what nobody can count, where the limit says closed', async () => {
    const storage = aStorage(new MemoryRateLimiter({ clock: () => now, maxKeys: 1 }), metrics);
    const full = new RateLimitGuard(options, storage, new Reflector());
    const call = (clientAddress: string) =>
      aRequest({ clientAddress, rateLimits: { logins: { key: 'address', quota: 5, onFailure: 'closed' } } });
    await full.canActivate(call('192.0.2.1').execution);
    const { context, execution } = call('192.0.2.2');
    await expect(full.canActivate(execution)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(context.flag).toBe('limits_unavailable');
  });

  it('says nothing where nothing is limited', async () => {
    const { context, execution } = aRequest({ identity: anIdentity() });
    await guard.canActivate(execution);
    expect(context.answerHeaders).toEqual({});
  });
});

describe('AddressGuard', () => {
  const rateLimits: RequestSketch['rateLimits'] = { 'by-address': { ...sliding, key: 'address', quota: 1 } };
  const guardFor = (addresses: object, limiter = new MemoryRateLimiter({ clock: () => 0 })) => {
    const guard = new AddressGuard(options, aStorage(limiter), new Reflector());
    return {
      check: (clientAddress: string) =>
        guard.canActivate(aRequest({ clientAddress, rateLimits, rest: { addresses } }).execution),
      pay: async (clientAddress: string) => {
        const { execution, context } = aRequest({ clientAddress, rateLimits, rest: { addresses } });
        await guard.canActivate(execution);
        await spendDeferredAddressLimit(context);
      },
    };
  };

  it.each([
    { rules: {}, clientAddress: '192.0.2.1' },
    { rules: { allow: ['192.0.2.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['192.0.2.128/25'] }, clientAddress: '192.0.2.1' },
    { rules: { allow: ['2001:db8::/32'] }, clientAddress: '2001:db8::1' },
  ])('lets $clientAddress pass with $rules', async ({ rules, clientAddress }) => {
    expect(await guardFor(rules).check(clientAddress)).toBe(true);
  });

  it.each([
    { rules: { allow: ['198.51.100.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['192.0.2.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { allow: ['192.0.2.0/24'], deny: ['192.0.2.1'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['2001:db8::/32'] }, clientAddress: '2001:db8::1' },
    { rules: { allow: ['192.0.2.0/24'] }, clientAddress: '' },
  ])('keeps "$clientAddress" out with $rules', async ({ rules, clientAddress }) => {
    const guard = guardFor(rules);
    await expect(guard.check(clientAddress)).rejects.toMatchObject({
      code: 'ACCESS_ADDRESS_DENIED',
    });
  });

  it('limits each address for itself, when it has to pay before anybody is identified', async () => {
    const guard = guardFor({ rateLimits: ['by-address'] });
    await guard.pay('192.0.2.1');
    await guard.pay('192.0.2.2');
    await expect(guard.pay('192.0.2.1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('is paid once, by whoever comes first', async () => {
    const guard = new AddressGuard(options, aStorage(new MemoryRateLimiter({ clock: () => 0 })), new Reflector());
    const { execution, context } = aRequest({ rateLimits, rest: { addresses: { rateLimits: ['by-address'] } } });
    await guard.canActivate(execution);
    await spendDeferredAddressLimit(context);
    await spendDeferredAddressLimit(context);
    expect(context.answerHeaders['ratelimit']).toBe('"by-address";r=0;t=60');
  });
});

describe('the limits of the address and of the route', () => {
  class CountedLimiter extends MemoryRateLimiter {
    readonly calls: (readonly Limit[])[] = [];

    override take(limits: readonly Limit[]) {
      this.calls.push(limits);
      return super.take(limits);
    }
  }

  it('are one call for who is known already, and none is spent twice', async () => {
    const limiter = new CountedLimiter({ clock: () => 0 });
    const storage = aStorage(limiter);
    const guards = [
      new AddressGuard(options, storage, new Reflector()),
      new RateLimitGuard(options, storage, new Reflector()),
    ];
    const { context, execution } = aRequest({
      identity: anIdentity(),
      rateLimits: { 'by-address': { key: 'address', quota: 5 }, 'by-user': { key: 'user', quota: 7 } },
      rest: { addresses: { rateLimits: ['by-address'] } },
    });
    for (const guard of guards) await guard.canActivate(execution);
    expect(limiter.calls.map((limits) => limits.map(({ key }) => key))).toEqual([
      ['address:192.0.2.1', 'user:user-alice'],
    ]);
    expect(context.answerHeaders['ratelimit-policy']).toBe('"by-address";q=5;w=60, "by-user";q=7;w=60');
  });
});
