import { randomBytes } from 'node:crypto';

import { apiKeySecretBytes, writeApiKey } from '@libs/api-keys';
import { ComparedClock } from '@libs/clock';
import { Refusal } from '@libs/errors';
import { MemoryEventBus } from '@libs/events';
import { ApiKeyStatus, type ApiKeyUse, type ResolveApiKeyResponse } from '@libs/grpc';

import { aRequest } from '../a-request.fixture.js';
import { GrpcApiKeys } from './grpc-api-keys.js';

const good: ResolveApiKeyResponse = {
  status: ApiKeyStatus.ACTIVE,
  apiKeyId: 'key-1',
  userId: 'user-alice',
  tenantId: 'tenant-acme',
  scopes: ['read'],
  allowedAddresses: [],
  limits: [],
};
const { context } = aRequest();
const from = (clientAddress: string) => aRequest({ clientAddress }).context;
const secret = writeApiKey('01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11', randomBytes(apiKeySecretBytes));

describe('GrpcApiKeys', () => {
  let asked: string[];
  let answer: () => Promise<ResolveApiKeyResponse>;
  let told: ApiKeyUse[];
  let bus: MemoryEventBus;
  let keys: GrpcApiKeys;

  beforeEach(() => {
    asked = [];
    told = [];
    answer = () => Promise.resolve(good);
    bus = new MemoryEventBus();
    const resolveApiKey = ({ key }: { key: string }) => {
      asked.push(key);
      return answer();
    };
    const recordApiKeyUses = ({ uses }: { uses: ApiKeyUse[] }) => {
      told.push(...uses);
      return Promise.resolve({});
    };
    keys = new GrpcApiKeys(
      { resolveApiKey, recordApiKeyUses },
      bus,
      new ComparedClock(5_000, { wall: () => 500_000, monotonic: () => 0 }),
    );
  });
  afterEach(() => keys.close());

  it('tells whose a key is and asks once', async () => {
    expect(await keys.identify(secret, context)).toMatchObject({ userId: 'user-alice', scopes: ['read'] });
    await keys.identify(secret, context);
    expect(asked).toEqual([secret]);
  });

  it.each([
    { what: 'a revoked key', found: { ...good, status: ApiKeyStatus.REVOKED } },
    { what: 'an unknown key', found: { ...good, status: ApiKeyStatus.UNKNOWN } },
    { what: 'a key of nobody', found: { ...good, userId: '' } },
    { what: 'a key of no tenant', found: { ...good, tenantId: '' } },
    { what: 'a key without an id', found: { ...good, apiKeyId: '' } },
    { what: 'a key that expires while it is remembered', found: { ...good, expireTime: new Date(500_000) } },
  ])('refuses $what', async ({ found }) => {
    answer = () => Promise.resolve(found);
    await expect(keys.identify(secret, context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it.each([
    'x'.repeat(80),
    `gth_live_${'0'.repeat(71)}`,
    secret.slice(0, -1),
    secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'),
    secret.replace('gth_live_', 'gth_test_'),
  ])('asks nobody about %s', async (key) => {
    await expect(keys.identify(key, context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(asked).toEqual([]);
  });

  it.each([
    { allowed: ['192.0.2.0/24'], good: '192.0.2.77', bad: '192.0.3.1' },
    { allowed: ['198.51.100.7', '2001:db8::/32'], good: '2001:db8:1::1', bad: '2001:db9::1' },
    { allowed: ['::1'], good: '::1', bad: '127.0.0.1' },
    { allowed: ['0.0.0.0/0'], good: '203.0.113.9', bad: 'unknown' },
  ])('takes a key for $allowed from there only', async ({ allowed, good: inside, bad: outside }) => {
    answer = () => Promise.resolve({ ...good, allowedAddresses: allowed });
    expect(await keys.identify(secret, from(inside))).toMatchObject({ apiKeyId: 'key-1' });
    await expect(keys.identify(secret, from(outside))).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(asked).toHaveLength(1);
  });

  it('tells what a key may spend', async () => {
    answer = () => Promise.resolve({ ...good, limits: [{ requests: 5, windowSeconds: 60 }] });
    const { limits } = await keys.identify(secret, context);
    expect(limits).toMatchObject([{ policy: { algorithm: 'sliding-window', quota: 5, windowMs: 60_000 }, cost: 1 }]);
    expect(limits.map(({ keyOf }) => keyOf(context))).toEqual(['api-key:key-1']);
  });

  it('tells of the last use of each key at the end, and of none that was refused', async () => {
    answer = () => Promise.resolve({ ...good, allowedAddresses: ['192.0.2.0/24'] });
    await keys.identify(secret, from('192.0.2.1'));
    await keys.identify(secret, from('192.0.2.2'));
    await keys.identify(secret, from('198.51.100.1')).catch(() => undefined);
    expect(told).toEqual([]);
    await keys.close();
    expect(told).toEqual([{ apiKeyId: 'key-1', time: new Date(500_000), clientAddress: '192.0.2.2' }]);
  });

  it.each(['api-key.revoked', 'api-key.changed'])('asks again once it hears of %s', async (topic) => {
    await keys.identify(secret, context);
    await bus.publish({
      topic,
      key: 'key-1',
      payload: { apiKeyId: 'key-1', userId: 'user-alice' },
      id: 'event-1',
      time: '2026-01-01T00:00:00Z',
    });
    answer = () => Promise.resolve({ ...good, status: ApiKeyStatus.REVOKED });
    await expect(keys.identify(secret, context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('calls it an outage when auth-service does not answer', async () => {
    answer = () => Promise.reject(new Refusal('SERVICE_TIMEOUT'));
    await expect(keys.identify(secret, context)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
