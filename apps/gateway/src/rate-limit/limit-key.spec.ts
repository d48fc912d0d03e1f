import { anIdentity } from '@libs/testing';
import { anonymous } from '@libs/trusted-headers';

import { aRequest } from '../authenticate/a-request.fixture.js';
import type { NamedRateLimit } from '../route/route.model.js';
import { limitKey } from './limit-key.js';

const by = (key: NamedRateLimit['key']): NamedRateLimit => ({
  name: 'limit',
  key,
  algorithm: 'fixed-window',
  quota: 1,
  window: 1_000,
});
const alice = anIdentity();
const key = anIdentity({ apiKeyId: 'key-1' });

describe('limitKey', () => {
  it.each([
    { key: 'user', identity: alice, expected: 'user:user-alice' },
    { key: 'tenant', identity: alice, expected: 'tenant:tenant-acme' },
    { key: 'address', identity: alice, expected: 'address:192.0.2.1' },
    { key: 'route', identity: alice, expected: 'route:things' },
    { key: 'apiKey', identity: key, expected: 'api-key:key-1' },
    { key: 'apiKey', identity: alice, expected: undefined },
    { key: 'user', identity: anonymous, expected: 'address:192.0.2.1' },
    { key: 'tenant', identity: anonymous, expected: 'address:192.0.2.1' },
  ] as const)('counts by $key as $expected', ({ key: counted, identity, expected }) => {
    expect(limitKey(by(counted), aRequest({ identity }).context)).toBe(expected);
  });

  it('counts the addresses of one IPv6 network together', () => {
    const [one, two, other] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'].map((clientAddress) =>
      limitKey(by('address'), aRequest({ clientAddress }).context),
    );
    expect(one).toBe(two);
    expect(one).not.toBe(other);
  });
});
