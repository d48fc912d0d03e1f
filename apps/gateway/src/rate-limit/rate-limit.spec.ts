import { Reflector } from '@nestjs/core';

import { MemoryRateLimiter } from '@libs/redis';
import { anIdentity } from '@libs/testing';

import { aRequest, aSnapshot, type RequestSketch } from '../authenticate/a-request.fixture.js';
import { Snapshots } from '../configuration/snapshots.js';
import { AddressGuard } from './address.guard.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiterStorage } from './rate-limiter-storage.js';

const options = { throttlers: [{ name: 'stage', ttl: 1, limit: 1 }] };
const sliding = { algorithm: 'sliding-window', window: '60s' } as const;

describe('RateLimitGuard', () => {
  const rateLimits: RequestSketch['rateLimits'] = {
    'by-user': { ...sliding, key: 'user', quota: 600 },
    'by-route': { ...sliding, key: 'route', quota: 2 },
  };
  let now: number;
  let guard: RateLimitGuard;

  beforeEach(async () => {
    now = 1_700_000_000_000;
    const storage = new RateLimiterStorage(new MemoryRateLimiter({ clock: () => now }));
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

  it('says nothing where nothing is limited', async () => {
    const { context, execution } = aRequest({ identity: anIdentity() });
    await guard.canActivate(execution);
    expect(context.answerHeaders).toEqual({});
  });
});

describe('AddressGuard', () => {
  const rateLimits: RequestSketch['rateLimits'] = { 'by-address': { ...sliding, key: 'address', quota: 1 } };
  const guardFor = async (addresses: object) => {
    const snapshots = new Snapshots(aSnapshot({ rateLimits }, { addresses }));
    const storage = new RateLimiterStorage(new MemoryRateLimiter({ clock: () => 0 }));
    const guard = new AddressGuard(options, storage, new Reflector(), snapshots);
    await guard.onModuleInit();
    return guard;
  };

  it.each([
    { rules: {}, clientAddress: '192.0.2.1' },
    { rules: { allow: ['192.0.2.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['192.0.2.128/25'] }, clientAddress: '192.0.2.1' },
    { rules: { allow: ['2001:db8::/32'] }, clientAddress: '2001:db8::1' },
  ])('lets $clientAddress pass with $rules', async ({ rules, clientAddress }) => {
    expect(await (await guardFor(rules)).canActivate(aRequest({ clientAddress }).execution)).toBe(true);
  });

  it.each([
    { rules: { allow: ['198.51.100.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['192.0.2.0/24'] }, clientAddress: '192.0.2.1' },
    { rules: { allow: ['192.0.2.0/24'], deny: ['192.0.2.1'] }, clientAddress: '192.0.2.1' },
    { rules: { deny: ['2001:db8::/32'] }, clientAddress: '2001:db8::1' },
    { rules: { allow: ['192.0.2.0/24'] }, clientAddress: '' },
  ])('keeps "$clientAddress" out with $rules', async ({ rules, clientAddress }) => {
    const guard = await guardFor(rules);
    await expect(guard.canActivate(aRequest({ clientAddress }).execution)).rejects.toMatchObject({
      code: 'ACCESS_ADDRESS_DENIED',
    });
  });

  it('limits each address for itself, before anybody is identified', async () => {
    const guard = await guardFor({ rateLimits: ['by-address'] });
    await guard.canActivate(aRequest({ clientAddress: '192.0.2.1' }).execution);
    await guard.canActivate(aRequest({ clientAddress: '192.0.2.2' }).execution);
    await expect(guard.canActivate(aRequest({ clientAddress: '192.0.2.1' }).execution)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
  });
});
