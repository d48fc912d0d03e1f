import { anonymous } from '@libs/trusted-headers';

import { aRequest } from './a-request.fixture.js';
import { aKeyPair, aToken, FixedKeys, issuerConfig } from './an-issuer.fixture.js';
import { type ApiKeyOwner, ApiKeys } from './api-keys/api-keys.js';
import { AuthenticateGuard } from './authenticate.guard.js';
import { BearerTokens } from './tokens/bearer-tokens.js';
import { rejected } from './credentials/challenge.js';
import { Sessions } from './sessions/sessions.js';
import type { VerifiedToken } from './tokens/verified-token.js';

class LiveSessions extends Sessions {
  constructor(private readonly live: readonly string[]) {
    super();
  }
  check({ sessionId }: VerifiedToken): boolean {
    if (!this.live.includes(sessionId)) throw rejected('the session has ended');
    return true;
  }
}

class FixedApiKeys extends ApiKeys {
  constructor(private readonly owners: Readonly<Record<string, ApiKeyOwner>>) {
    super();
  }
  identify(key: string): Promise<ApiKeyOwner> {
    const owner = this.owners[key];
    return owner === undefined ? Promise.reject(rejected('unknown')) : Promise.resolve(owner);
  }
}

const { publicKey, privateKey } = aKeyPair();
const owner = { apiKeyId: 'key-1', userId: 'user-bob', tenantId: 'tenant-acme', scopes: ['read'], limits: [] };
const alice = { authorization: `Bearer ${aToken(privateKey)}` };
const loggedOut = { authorization: `Bearer ${aToken(privateKey, { sid: 'session-0' })}` };
const forged = { authorization: `Bearer ${aToken(aKeyPair().privateKey)}` };
const invalid = 'Bearer error="invalid_token"';
const bob = { 'x-api-key': 'gk_bob' };

describe('AuthenticateGuard', () => {
  const tokens = new BearerTokens([{ config: issuerConfig, keys: new FixedKeys({ 'key-1': publicKey }) }]);
  const apiKeys = new FixedApiKeys({ gk_bob: owner });
  const guard = new AuthenticateGuard(tokens, new LiveSessions(['session-1']), apiKeys);
  afterAll(() => tokens.close());

  it('names the caller from a token', async () => {
    const { context, execution } = aRequest({ headers: alice });
    expect(await guard.canActivate(execution)).toBe(true);
    expect(context.identity).toMatchObject({ userId: 'user-alice', sessionId: 'session-1', authMethod: 'jwt' });
  });

  it('names the caller from an API key', async () => {
    const { context, execution } = aRequest({ headers: bob });
    await guard.canActivate(execution);
    const { limits, ...known } = owner;
    expect(context.identity).toEqual({ ...anonymous, ...known, authMethod: 'api-key' });
    expect(context.callerLimits).toBe(limits);
  });

  it('lets nobody in to a public route, as nobody', async () => {
    const { context, execution } = aRequest({ access: { authenticated: false } });
    await guard.canActivate(execution);
    expect(context.identity).toBe(anonymous);
  });

  it.each([
    { when: 'no credentials are sent', headers: {}, code: 'AUTH_CREDENTIALS_MISSING', challenge: 'Bearer' },
    { when: 'the token is forged', headers: forged, code: 'AUTH_CREDENTIALS_REJECTED', challenge: invalid },
    { when: 'the session has ended', headers: loggedOut, code: 'AUTH_CREDENTIALS_REJECTED', challenge: invalid },
    {
      when: 'the API key is unknown',
      headers: { 'x-api-key': 'x' },
      code: 'AUTH_CREDENTIALS_REJECTED',
      challenge: invalid,
    },
  ])('refuses a private route when $when', async ({ headers, code, challenge }) => {
    const { context, execution } = aRequest({ headers });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({
      code,
      headers: { 'www-authenticate': challenge },
    });
    expect(context.identity).toBe(anonymous);
  });

  it.each([
    { when: 'a bad token comes to a public route', sketch: { access: { authenticated: false }, headers: forged } },
    { when: 'the route takes no tokens', sketch: { access: { methods: ['api-key' as const] }, headers: alice } },
    { when: 'the route takes no API keys', sketch: { access: { methods: ['jwt' as const] }, headers: bob } },
  ])('refuses when $when', async ({ sketch }) => {
    await expect(guard.canActivate(aRequest(sketch).execution)).rejects.toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
    });
  });

  it('refuses both kinds of credentials at once, good as they are', async () => {
    const { execution } = aRequest({ headers: { ...alice, ...bob } });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({ code: 'REQUEST_HEADER_INVALID' });
  });
});
