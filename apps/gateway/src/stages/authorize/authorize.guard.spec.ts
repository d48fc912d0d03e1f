import { anonymous, type Identity } from '@libs/trusted-headers';
import { anIdentity } from '@libs/testing';

import { aRequest } from '../authenticate/a-request.fixture.js';
import { Accounts } from './accounts.js';
import { AuthorizeGuard } from './authorize.guard.js';
import { ClaimedAccounts } from './claimed-accounts.js';

class RecordingAccounts extends Accounts {
  asked: string[] = [];
  resolve(identity: Identity, tenantId: string): Identity {
    this.asked.push(tenantId);
    return { ...identity, tenantId, active: true, userName: 'alice', roles: ['member'] };
  }
}

const alice = anIdentity({ active: false });
const key = anIdentity({ authMethod: 'api-key', apiKeyId: 'key-1', sessionId: '' });

describe('AuthorizeGuard', () => {
  let accounts: RecordingAccounts;
  let guard: AuthorizeGuard;

  beforeEach(() => {
    accounts = new RecordingAccounts();
    guard = new AuthorizeGuard(accounts);
  });

  it('passes on what the accounts say about the caller', async () => {
    const { context, execution } = aRequest({ identity: alice });
    expect(await guard.canActivate(execution)).toBe(true);
    expect(context.identity).toMatchObject({ userName: 'alice', active: true, roles: ['member'] });
    expect(accounts.asked).toEqual(['tenant-acme']);
  });

  it('lets the caller choose a tenant', async () => {
    const { context, execution } = aRequest({ identity: alice, headers: { 'x-tenant-id': 'tenant-other' } });
    await guard.canActivate(execution);
    expect(context.identity.tenantId).toBe('tenant-other');
  });

  it('asks nothing about nobody', async () => {
    const { context, execution } = aRequest({ access: { authenticated: false }, headers: { 'x-tenant-id': 'x y' } });
    await guard.canActivate(execution);
    expect(context.identity).toBe(anonymous);
    expect(accounts.asked).toEqual([]);
  });

  it.each(['', 'a, b', 'a b', 'ü', 'a'.repeat(65), '../x'])('refuses the tenant id "%s"', async (tenantId) => {
    const { execution } = aRequest({ identity: alice, headers: { 'x-tenant-id': tenantId } });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({
      code: 'REQUEST_HEADER_INVALID',
      errors: [{ field: 'X-Tenant-Id' }],
    });
  });

  it('holds an API key to its own tenant', async () => {
    const { execution } = aRequest({ identity: key, headers: { 'x-tenant-id': 'tenant-other' } });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({ code: 'ACCESS_TENANT_DENIED' });
    expect(accounts.asked).toEqual([]);
  });

  it('lets an API key without a tenant choose none', async () => {
    const identity = { ...key, tenantId: '' };
    const { execution } = aRequest({ identity, headers: { 'x-tenant-id': 'tenant-other' } });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({ code: 'ACCESS_TENANT_DENIED' });
    expect(accounts.asked).toEqual([]);
  });

  it('refuses roles that the route does not let in, by what the accounts say', async () => {
    const { execution } = aRequest({ identity: alice, access: { roles: ['owner'] } });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  describe('without an account service', () => {
    const trusting = new AuthorizeGuard(new ClaimedAccounts());

    it('takes the credentials at their word', async () => {
      const { context, execution } = aRequest({ identity: alice });
      await trusting.canActivate(execution);
      expect(context.identity).toEqual({ ...alice, active: true });
    });

    it('lets nobody choose a tenant that the credentials do not name', async () => {
      const { execution } = aRequest({ identity: alice, headers: { 'x-tenant-id': 'tenant-other' } });
      await expect(trusting.canActivate(execution)).rejects.toMatchObject({ code: 'ACCESS_TENANT_DENIED' });
    });
  });
});
