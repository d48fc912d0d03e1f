import { jest } from '@jest/globals';

import { type Answer, Client } from './support/client.js';
import { GatewayProcess } from './support/gateway-process.js';
import { TestIssuer } from './support/test-issuer.js';
import { manglings } from './support/token-manglings.js';
import { anUpstream, aTcpUpstream, type Upstream } from './support/upstream.js';

jest.setTimeout(120_000);

const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;

/** Everything that the client sees, but for what names the one request. */
function sameForAll({ status, headers, body }: Answer): unknown {
  const { date, 'x-request-id': requestId, 'x-trace-id': traceId, ...rest } = headers;
  expect([date, requestId, traceId]).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  return { status, headers: rest, body: { ...body, requestId: '' } };
}

describe('tokens as RFC 8725 warns of them', () => {
  let issuer: TestIssuer;
  let upstream: Upstream;
  let trap: Upstream;
  let gateway: GatewayProcess;
  let client: Client;
  let served = 0;
  let trapped = 0;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    upstream = await anUpstream((_request, response) => {
      served++;
      response.end('in');
    });
    trap = await aTcpUpstream((socket) => {
      trapped++;
      socket.destroy();
    });
    const { name, audience, jwksUrl } = issuer;
    gateway = await GatewayProcess.start({
      authentication: {
        jwt: { issuers: [{ issuer: name, audience, algorithms: [...algorithms], types: ['at+jwt'], jwksUrl }] },
      },
      services: { vault: { instances: [{ url: upstream.url }] } },
      routes: [{ id: 'vault', path: '/vault', service: 'vault' }],
    });
    client = new Client(gateway.url);
  });
  afterAll(async () => {
    await client?.close();
    await gateway?.dispose();
    await upstream?.close();
    await trap?.close();
    await issuer?.stop();
  });

  const enter = (token: string): Promise<Answer> => client.get('/vault', { token });

  it.each(algorithms)('lets in whoever has a good one, signed with %s', async (algorithm) => {
    expect(await enter(issuer.write({ algorithm }))).toMatchObject({ status: 200, body: 'in' });
    const several = { aud: ['elsewhere', issuer.audience] };
    expect(await enter(issuer.write({ algorithm, claims: several }))).toMatchObject({ status: 200 });
  });

  it.each(algorithms)('tells of a good one, signed with %s, that it has expired', async (algorithm) => {
    const challenge = 'Bearer error="invalid_token", error_description="The access token expired"';
    issuer.lifetimeSeconds = -60;
    const token = issuer.write({ algorithm });
    issuer.lifetimeSeconds = 600;
    for (const bad of [token, issuer.write({ algorithm, claims: { exp: -1 } })]) {
      expect(await enter(bad)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': challenge },
        body: { code: 'AUTH_CREDENTIALS_REJECTED', detail: 'The access token expired' },
      });
    }
  });

  it('has every case under a name of its own', () => {
    expect(new Set(manglings.map(({ what }) => what)).size).toBe(manglings.length);
    expect(manglings.length).toBeGreaterThan(180);
  });

  describe('refuses, all in the same words, without a fetch or a call', () => {
    let fetchesBefore: number;
    let servedBefore: number;
    let refusal: unknown;

    beforeAll(async () => {
      expect(await enter(issuer.write())).toMatchObject({ status: 200 });
      const answer = await enter('nonsense');
      expect(answer).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
        body: { code: 'AUTH_CREDENTIALS_REJECTED' },
      });
      refusal = sameForAll(answer);
      fetchesBefore = issuer.fetches;
      servedBefore = served;
    });

    it.each(manglings)('a token with $what', async ({ make }) => {
      expect(sameForAll(await enter(make(issuer, trap.url)))).toEqual(refusal);
    });

    it.each(manglings)('a token with $what that has expired, too, without saying so', async ({ make }) => {
      issuer.lifetimeSeconds = -60;
      const token = make(issuer, trap.url);
      issuer.lifetimeSeconds = 600;
      expect(sameForAll(await enter(token))).toEqual(refusal);
    });

    it('and goes on as if nothing had been, having fetched nothing and called nobody', async () => {
      expect({ trapped, fetches: issuer.fetches, served }).toEqual({
        trapped: 0,
        fetches: fetchesBefore,
        served: servedBefore,
      });
      expect(await enter(issuer.write({ claims: { jti: 'after all' } }))).toMatchObject({ status: 200 });
    });
  });
});
