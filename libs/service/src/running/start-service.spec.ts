import { credentials, makeGenericClientConstructor, Metadata, type ServiceError, status } from '@grpc/grpc-js';

import { ApiKeyServiceService, ApiKeyStatus } from '@libs/grpc';
import { anonymous } from '@libs/trusted-headers';

import { rawExchange } from '../http/raw-exchange.fixture.js';
import { Life, requestId, seal, traceId, usingTinyServices } from './tiny-service.fixture.js';

const alice = { ...anonymous, userId: 'alice', tenantId: 'acme', active: true, authMethod: 'jwt' } as const;
const json = { 'content-type': 'application/json' };

const start = usingTinyServices();
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });

describe('a started service', () => {
  it('begins what works in the background once, though it answers over HTTP and gRPC, and ends it once', async () => {
    const life = new Life();
    const service = await start({ life });
    expect(life.told).toEqual(['init', 'bootstrap']);
    await service.stop();
    expect(life.told).toEqual(['init', 'bootstrap', 'before shutdown', 'shutdown']);
  });

  it('serves a sealed call in the context of its caller, also after a body', async () => {
    const service = await start();
    const answer = await fetch(`${service.http}/notes`, {
      method: 'POST',
      headers: { ...json, ...seal('POST', '/notes', alice) },
      body: '{"title":"a"}',
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ note: { title: 'a' }, requestId, traceId, userId: 'alice' });
  });

  it('keeps that context when the body comes later than the headers', async () => {
    const service = await start();
    const headers = { host: 'a', connection: 'close', expect: '100-continue', 'content-length': '13', ...json };
    const lines = Object.entries({ ...headers, ...seal('POST', '/notes', alice) }).map(
      ([name, text]) => `${name}: ${text}`,
    );
    const head = ['POST /notes HTTP/1.1', ...lines, '', ''].join('\r\n');
    const { body } = await rawExchange(service.http, head, '{"title":"a"}');
    expect(JSON.parse(body)).toMatchObject({ requestId, traceId, userId: 'alice' });
  });

  it('keeps calls that run at the same time apart', async () => {
    const service = await start();
    const users = Array.from({ length: 50 }, (_, n) => `user-${n}`);
    const answers = await Promise.all(
      users.map(async (userId) => {
        const headers = { ...json, ...seal('POST', '/notes', { ...alice, userId }) };
        const answer = await fetch(`${service.http}/notes`, { method: 'POST', headers, body: '{"title":"a"}' });
        return ((await answer.json()) as { userId: string }).userId;
      }),
    );
    expect(answers).toEqual(users);
  });

  it.each([
    { when: 'without a seal', path: '/notes', headers: {}, status: 401, code: 'IDENTITY_SEAL_INVALID' },
    {
      when: 'with forged headers',
      path: '/notes',
      headers: { 'x-user-id': 'alice', 'x-active': 'true' },
      status: 401,
      code: 'IDENTITY_SEAL_INVALID',
    },
    {
      when: 'with the seal of another path',
      path: '/notes',
      headers: seal('GET', '/other', alice),
      status: 401,
      code: 'IDENTITY_SEAL_INVALID',
    },
    {
      when: 'as a user where only services may',
      path: '/notes/closed-to-users',
      headers: seal('GET', '/notes/closed-to-users', alice),
      status: 403,
      code: 'ACCESS_DENIED',
    },
    {
      when: 'where nobody said who may',
      path: '/forgotten',
      headers: seal('GET', '/forgotten', alice),
      status: 403,
      code: 'ACCESS_DENIED',
    },
  ])('lets nobody in $when', async ({ path, headers, status, code }) => {
    const service = await start();
    const answer = await get(`${service.http}${path}`, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, requestId: expect.stringMatching(/.{8,}/) });
  });

  it('reads the version that If-Match expects', async () => {
    const service = await start();
    const expected = async (tag: string) => {
      const path = '/notes/expected';
      const answer = await get(`${service.http}${path}`, { ...seal('GET', path), 'if-match': tag });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await expected('"3"')).toMatchObject({ status: 200, version: [3] });
    expect(await expected('"1", "2" ,,"not-ours", W/"9", "7.AbCd_-12"')).toMatchObject({ version: [1, 2, 7] });
    expect(await expected('W/"3"')).toMatchObject({ status: 200, version: [] });
    expect(await expected('*')).toMatchObject({ status: 200, version: 'any' });
    expect(await expected('"not-ours"')).toMatchObject({ status: 200, version: [] });
    for (const malformed of ['3', '', ',', '"1" "2"', '"1", *', '"a b"', 'w/"1"', '"1']) {
      expect(await expected(malformed)).toMatchObject({ status: 400, code: 'REQUEST_HEADER_INVALID' });
    }
  });

  it('expects nothing to be there where If-None-Match says *, whatever else is expected', async () => {
    const service = await start();
    const path = '/notes/expected';
    const expected = async (headers: Record<string, string>) =>
      (await get(`${service.http}${path}`, { ...seal('GET', path), ...headers })).json();
    expect(await expected({ 'if-none-match': '*' })).toEqual({ version: 'none' });
    expect(await expected({ 'if-none-match': '*', 'if-match': '"3"' })).toEqual({ version: [] });
    expect(await expected({ 'if-none-match': '"3"', 'if-match': '"3"' })).toEqual({ version: [3] });
    expect(await expected({ 'if-none-match': '"3"' })).toEqual({ version: null });
    expect(await expected({ 'if-none-match': '3' })).toMatchObject({ code: 'REQUEST_HEADER_INVALID' });
  });

  it('takes a call without a body, whatever its media type says', async () => {
    const service = await start();
    const path = '/notes/7/touch';
    for (const headers of [{}, json]) {
      const answer = await fetch(`${service.http}${path}`, {
        method: 'POST',
        headers: { ...headers, ...seal('POST', path) },
      });
      expect(await answer.json()).toEqual({ id: '7', body: null });
    }
  });

  it('serves sealed calls over gRPC, and no others', async () => {
    const service = await start();
    const path = '/gatehouse.auth.v1.ApiKeyService/ResolveApiKey';
    const resolveApiKey = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const Client = makeGenericClientConstructor(ApiKeyServiceService, 'ApiKeyService');
        const client = new Client(service.grpc, credentials.createInsecure());
        const metadata = Metadata.fromHttp2Headers(headers);
        client['resolveApiKey']?.({ key: 'a' }, metadata, (error: ServiceError | null, answer: unknown) => {
          client.close();
          resolve(error?.code ?? answer);
        });
      });

    expect(await resolveApiKey({})).toBe(status.UNAUTHENTICATED);
    expect(await resolveApiKey(seal('POST', path, alice))).toMatchObject({
      status: ApiKeyStatus.UNKNOWN,
      userId: 'alice',
    });
  });
});
