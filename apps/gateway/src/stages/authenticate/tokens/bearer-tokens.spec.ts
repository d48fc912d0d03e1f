import { sign } from 'node:crypto';

import { array, assert, asyncProperty, json, oneof, string } from 'fast-check';

import { ComparedClock } from '@libs/clock';

import { identityUnavailable } from '../../../request/ask-directory.js';
import { aRequest } from '../a-request.fixture.js';
import { aKeyPair, anHmacToken, aToken, FixedKeys, issuerConfig } from '../an-issuer.fixture.js';
import { BearerTokens } from './bearer-tokens.js';

const { publicKey, privateKey } = aKeyPair();
const stranger = aKeyPair();
const past = Math.floor(Date.now() / 1_000) - 60;

describe('BearerTokens', () => {
  let now: number;
  let keys: FixedKeys;
  let tokens: BearerTokens;

  beforeEach(() => {
    now = Date.now();
    keys = new FixedKeys({ 'key-1': publicKey });
    tokens = new BearerTokens(
      [{ config: issuerConfig, keys }],
      new ComparedClock(5_000, { wall: () => now, monotonic: () => 0 }),
    );
  });
  afterEach(() => tokens.close());

  const verify = (token: string) =>
    tokens.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);

  it('reads who a good token is about', async () => {
    expect(await verify(aToken(privateKey, { scope: 'read write', preferred_username: 'alice' }))).toMatchObject({
      subject: 'user-alice',
      userName: 'alice',
      tenantId: 'tenant-acme',
      sessionId: 'session-1',
      roles: ['owner'],
      scopes: ['read', 'write'],
    });
  });

  it('takes the type JWT as well', async () => {
    expect(await verify(aToken(privateKey, {}, { typ: 'JWT' }))).toMatchObject({ subject: 'user-alice' });
  });

  it('takes the type JWT only if the issuer is configured so', async () => {
    const strict = new BearerTokens([{ config: { ...issuerConfig, types: ['at+jwt'] }, keys }]);
    const enter = (typ: string) => {
      const token = aToken(privateKey, {}, { typ });
      return strict.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);
    };
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) expect(await enter(typ)).toBeDefined();
    for (const typ of ['JWT', 'jwt', 'application/jwt']) {
      await expect(enter(typ)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    }
    strict.close();
  });

  describe('of an issuer that is configured to write them otherwise', () => {
    const enter = async (config: Partial<typeof issuerConfig>, token: string): Promise<string> => {
      const lenient = new BearerTokens([{ config: { ...issuerConfig, ...config }, keys }]);
      try {
        await lenient.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);
        return 'enters';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        lenient.close();
      }
    };
    const signed = (claims: object, header: object = {}) =>
      aToken(privateKey, claims as Record<string, unknown>, header as Record<string, unknown>);
    const long = { padding: 'a'.repeat(8_000) };

    it.each([
      { what: 'no type', config: { types: ['absent' as const] }, token: signed({}, { typ: undefined }) },
      { what: 'one of several audiences', config: { audience: ['a', 'gatehouse'] }, token: signed({}) },
      { what: 'one of several in a list', config: { audience: ['a', 'b'] }, token: signed({ aud: ['x', 'b'] }) },
      { what: 'any audience', config: { audience: 'any' }, token: signed({ aud: 'elsewhere' }) },
      { what: 'no audience where any will do', config: { audience: 'any' }, token: signed({ aud: undefined }) },
      { what: 'an audience called any', config: { audience: ['any'] }, token: signed({ aud: 'any' }) },
      { what: 'many characters', config: { maxTokenLength: 16_384 }, token: signed(long) },
    ])('takes a token with $what', async ({ config, token }) => {
      expect(await enter(config, token)).toBe('enters');
    });

    it.each([
      { what: 'a type where there may be none', config: { types: ['absent' as const] }, token: signed({}) },
      { what: 'a type of null', config: { types: ['absent' as const] }, token: signed({}, { typ: null }) },
      { what: 'an empty type', config: { types: ['absent' as const] }, token: signed({}, { typ: '' }) },
      { what: 'the type absent', config: { types: ['absent' as const] }, token: signed({}, { typ: 'absent' }) },
      { what: 'none of several audiences', config: { audience: ['a', 'b'] }, token: signed({}) },
      { what: 'another audience in a list', config: { audience: ['any'] }, token: signed({ aud: 'elsewhere' }) },
      { what: 'many characters', config: {}, token: signed(long) },
      { what: 'more characters', config: { maxTokenLength: 512 }, token: signed({ padding: 'a'.repeat(500) }) },
    ])('refuses a token with $what', async ({ config, token }) => {
      expect(await enter(config, token)).toBe('AUTH_CREDENTIALS_REJECTED');
    });
  });

  it('tells of a good token that it has expired, and of no other', async () => {
    const challengeOf = async (token: string): Promise<unknown> => {
      const refusal: unknown = await verify(token).catch((error: unknown) => error);
      return (refusal as { headers: Record<string, string> }).headers['www-authenticate'];
    };
    expect(await challengeOf(aToken(privateKey, { exp: past }))).toBe(
      'Bearer error="invalid_token", error_description="The access token expired"',
    );
    for (const bad of [
      aToken(stranger.privateKey, { exp: past }),
      aToken(privateKey, { exp: past, aud: 'elsewhere' }),
      aToken(privateKey, { exp: past }, { kid: 'key-2' }),
    ]) {
      expect(await challengeOf(bad)).toBe('Bearer error="invalid_token"');
    }
  });

  it.each([
    { what: 'another issuer', token: aToken(privateKey, { iss: 'https://elsewhere.test' }) },
    { what: 'no issuer', token: aToken(privateKey, { iss: undefined }) },
    { what: 'another audience', token: aToken(privateKey, { aud: 'elsewhere' }) },
    { what: 'no audience', token: aToken(privateKey, { aud: undefined }) },
    { what: 'an expiry in the past', token: aToken(privateKey, { exp: past }) },
    { what: 'no expiry', token: aToken(privateKey, { exp: undefined }) },
    { what: 'an expiry that never comes', token: withoutEnd(aToken(privateKey)) },
    { what: 'an expiry that is no number', token: aToken(privateKey, { exp: 'tomorrow' }) },
    { what: 'a start in the future', token: aToken(privateKey, { nbf: past + 3_600 }) },
    { what: 'no subject', token: aToken(privateKey, { sub: undefined }) },
    { what: 'the type of an ID token', token: aToken(privateKey, {}, { typ: 'id+jwt' }) },
    { what: 'no type', token: aToken(privateKey, {}, { typ: undefined }) },
    { what: 'a critical extension', token: aToken(privateKey, {}, { crit: ['b64'], b64: false }) },
    { what: 'an unknown key id', token: aToken(privateKey, {}, { kid: 'key-2' }) },
    { what: 'a foreign signature', token: aToken(stranger.privateKey) },
    { what: 'the algorithm none', token: aToken(privateKey, {}, { alg: 'none' }).replace(/[^.]*$/, '') },
    { what: 'the algorithm none and a signature', token: aToken(privateKey, {}, { alg: 'none' }) },
    { what: 'another algorithm than the configured', token: aToken(privateKey, {}, { alg: 'RS512' }) },
    { what: 'an HMAC with the public key', token: anHmacToken(publicKey, aToken(privateKey)) },
    { what: 'a changed claim', token: changeClaims(aToken(privateKey)) },
    { what: 'five parts', token: `${aToken(privateKey)}.a.b` },
  ])('refuses a token with $what', async ({ token }) => {
    await expect(verify(token)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('answers any text with a refusal', async () => {
    const part = oneof(
      string(),
      json().map((text) => Buffer.from(text).toString('base64url')),
    );
    await assert(
      asyncProperty(array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
        await expect(verify(parts.join('.'))).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
      }),
      { numRuns: 200 },
    );
  });

  it('verifies a signature once', async () => {
    const token = aToken(privateKey);
    await verify(token);
    await verify(token);
    expect(keys.asked).toBe(1);
  });

  it('does not go on trusting what it has verified beyond its expiry', async () => {
    const token = aToken(privateKey, { exp: Math.floor(now / 1_000) + 10 });
    const { expiresAt } = await verify(token);
    now = expiresAt;
    await expect(verify(token)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(keys.asked).toBe(2);
  });

  describe('with a clock that is known to be wrong by ten minutes', () => {
    const wrongBy = async (differenceMs: number): Promise<BearerTokens> => {
      const startedAt = now;
      const clock = new ComparedClock(5_000, { wall: () => now + differenceMs, monotonic: () => now - startedAt });
      clock.add('auth-service', async () => now, { decides: true });
      await clock.measure();
      return new BearerTokens([{ config: issuerConfig, keys }], clock);
    };
    const seconds = (fromNowMs: number): number => Math.floor((now + fromNowMs) / 1_000);

    it.each([
      { what: 'that is good by the own clock and the right one', ahead: 600_000, claims: { exp: 700_000 }, code: '' },
      {
        what: 'that only the own clock calls over',
        ahead: 600_000,
        claims: { exp: 300_000 },
        code: 'SERVICE_CLOCK_WRONG',
      },
      {
        what: 'that only the right clock calls over',
        ahead: -600_000,
        claims: { exp: -300_000 },
        code: 'SERVICE_CLOCK_WRONG',
      },
      { what: 'that both call over', ahead: 600_000, claims: { exp: -60_000 }, code: 'SERVICE_CLOCK_WRONG' },
      {
        what: 'that only the own clock calls too young',
        ahead: -600_000,
        claims: { nbf: 0 },
        code: 'SERVICE_CLOCK_WRONG',
      },
      {
        what: 'that only the right clock calls too young',
        ahead: 600_000,
        claims: { nbf: 300_000 },
        code: 'SERVICE_CLOCK_WRONG',
      },
    ] as const)('takes or refuses a token $what without calling it bad', async ({ ahead, claims, code }) => {
      const unsure = await wrongBy(ahead);
      const times = Object.fromEntries(Object.entries(claims).map(([name, ms]) => [name, seconds(ms)]));
      const token = aToken(privateKey, { exp: seconds(3_600_000), ...times });
      const entered = unsure.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);
      expect(
        await entered.then(
          () => '',
          (error: { code: string }) => error.code,
        ),
      ).toBe(code);
      unsure.close();
    });

    it('still calls bad what is bad whatever the time is', async () => {
      const unsure = await wrongBy(600_000);
      for (const token of [
        aToken(stranger.privateKey),
        aToken(privateKey, { aud: 'others' }),
        aToken(stranger.privateKey, { exp: past }),
      ]) {
        const entered = unsure.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);
        await expect(entered).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
      }
      unsure.close();
    });

    it('does not go on trusting a token that the right clock calls over', async () => {
      const token = aToken(privateKey, { exp: seconds(30_000) });
      const unsure = await wrongBy(-600_000);
      const enter = () => unsure.verify(token, aRequest({ headers: { authorization: `Bearer ${token}` } }).execution);
      await enter();
      now += 60_000;
      await expect(enter()).rejects.toMatchObject({ code: 'SERVICE_CLOCK_WRONG' });
      unsure.close();
    });
  });

  it('verifies anew when a key was withdrawn', async () => {
    const token = aToken(privateKey);
    await verify(token);
    keys.withdraw();
    await verify(token);
    expect(keys.asked).toBe(2);
  });

  it('calls it an outage when the keys cannot be had', async () => {
    keys.find = () => Promise.reject(identityUnavailable('the issuer is away'));
    await expect(verify(aToken(privateKey))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      headers: { 'retry-after': '1' },
    });
  });

  it('keeps concurrent requests apart', async () => {
    const subjects = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const found = await Promise.all(subjects.map((sub) => verify(aToken(privateKey, { sub }))));
    expect(found.map(({ subject }) => subject)).toEqual(subjects);
  });

  it('keeps gateways of one process apart', async () => {
    const other = new BearerTokens([{ config: issuerConfig, keys: new FixedKeys({ 'key-1': stranger.publicKey }) }]);
    expect(await verify(aToken(privateKey))).toMatchObject({ subject: 'user-alice' });
    await expect(verify(aToken(stranger.privateKey))).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    other.close();
  });
});

function changeClaims(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'user-admin' })).toString('base64url');
  return [header, changed, signature].join('.');
}

/** JSON has no word for infinity, but a number that is read as it. */
function withoutEnd(token: string): string {
  const [header, payload = ''] = token.split('.');
  const claims = Buffer.from(payload, 'base64url').toString();
  const endless = Buffer.from(claims.replace(/"exp":\d+/, '"exp":1e999')).toString('base64url');
  const input = `${header}.${endless}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}
