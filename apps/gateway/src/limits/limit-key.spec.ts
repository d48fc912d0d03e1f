import { anIdentity } from '@libs/testing';
import { anonymous } from '@libs/trusted-headers';

import { aRequest } from '../stages/authenticate/a-request.fixture.js';
import { compileLimitKey } from './limit-key.js';

const alice = anIdentity();
const key = anIdentity({ apiKeyId: 'key-1' });

describe('the key of a limit', () => {
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
    expect(compileLimitKey([counted])(aRequest({ identity }).context)).toBe(expected);
  });

  it('counts the addresses of one IPv6 network together', () => {
    const [one, two, other] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'].map((clientAddress) =>
      compileLimitKey(['address'])(aRequest({ clientAddress }).context),
    );
    expect(one).toBe(two);
    expect(one).not.toBe(other);
  });

  it('counts combinations apart, and none where a part is missing', () => {
    const byAddressAndRoute = compileLimitKey(['address', 'route']);
    expect(byAddressAndRoute(aRequest({}).context)).toBe('17:address:192.0.2.112:route:things');
    expect(compileLimitKey(['apiKey', 'route'])(aRequest({ identity: alice }).context)).toBeUndefined();
  });

  it('lets no two combinations look alike, whatever the ids are', () => {
    const byUserAndTenant = compileLimitKey(['user', 'tenant']);
    const [one, other] = [
      { userId: 'a|tenant:b', tenantId: 'c' },
      { userId: 'a', tenantId: 'b|tenant:c' },
    ].map((ids) => byUserAndTenant(aRequest({ identity: anIdentity(ids) }).context));
    expect(one).not.toBe(other);
  });
});
