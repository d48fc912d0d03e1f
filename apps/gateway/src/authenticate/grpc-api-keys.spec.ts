import { Refusal } from '@libs/errors';
import { ApiKeyStatus, type ResolveApiKeyResponse } from '@libs/grpc';
import { MemoryEventBus } from '@libs/redis';

import { aRequest } from './a-request.fixture.js';
import { GrpcApiKeys } from './grpc-api-keys.js';

const good: ResolveApiKeyResponse = {
  status: ApiKeyStatus.ACTIVE,
  apiKeyId: 'key-1',
  userId: 'user-alice',
  tenantId: 'tenant-acme',
  scopes: ['read'],
};
const { context } = aRequest();

describe('GrpcApiKeys', () => {
  let asked: string[];
  let answer: () => Promise<ResolveApiKeyResponse>;
  let bus: MemoryEventBus;
  let keys: GrpcApiKeys;

  beforeEach(() => {
    asked = [];
    answer = () => Promise.resolve(good);
    bus = new MemoryEventBus();
    const resolveApiKey = ({ key }: { key: string }) => {
      asked.push(key);
      return answer();
    };
    keys = new GrpcApiKeys({ resolveApiKey }, bus, () => 500_000);
  });
  afterEach(() => keys.onApplicationShutdown());

  it('tells whose a key is and asks once', async () => {
    expect(await keys.identify('secret', context)).toMatchObject({ userId: 'user-alice', scopes: ['read'] });
    await keys.identify('secret', context);
    expect(asked).toEqual(['secret']);
  });

  it.each([
    { what: 'a revoked key', found: { ...good, status: ApiKeyStatus.REVOKED } },
    { what: 'an unknown key', found: { ...good, status: ApiKeyStatus.UNKNOWN } },
    { what: 'a key that expires while it is remembered', found: { ...good, expireTime: new Date(500_000) } },
  ])('refuses $what', async ({ found }) => {
    answer = () => Promise.resolve(found);
    await expect(keys.identify('secret', context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('asks again once it hears that the key was revoked', async () => {
    await keys.identify('secret', context);
    await bus.publish({
      topic: 'api-key.revoked',
      key: 'key-1',
      payload: { apiKeyId: 'key-1', userId: 'user-alice' },
      id: 'event-1',
      time: '2026-01-01T00:00:00Z',
    });
    answer = () => Promise.resolve({ ...good, status: ApiKeyStatus.REVOKED });
    await expect(keys.identify('secret', context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('calls it an outage when auth-service does not answer', async () => {
    answer = () => Promise.reject(new Refusal('SERVICE_TIMEOUT'));
    await expect(keys.identify('secret', context)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
