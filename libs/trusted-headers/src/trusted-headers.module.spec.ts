import { randomBytes } from 'node:crypto';

import { type ArgumentsHost, Body, Catch, Controller, type ExceptionFilter, Get, Post } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

import { Refusal } from '@libs/errors';

import { Access } from './access.js';
import { CurrentIdentity } from './current-identity.js';
import { anonymous, type Identity, serviceIdentity } from './identity.js';
import { currentContext } from './request-context.js';
import { sealIdentity } from './seal-identity.js';
import { deriveSealKey } from './seal-key.js';
import { TrustedHeadersModule } from './trusted-headers.module.js';

const sealKey = randomBytes(32);
const alice: Identity = {
  ...anonymous,
  userId: 'alice',
  tenantId: 't1',
  active: true,
  roles: ['user'],
  authMethod: 'jwt',
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

@Controller('notes')
@Access('user')
class Notes {
  @Get()
  list() {
    return currentContext();
  }

  @Post()
  async create(@Body() body: unknown, @CurrentIdentity() identity: Identity) {
    await Promise.resolve();
    return { body, identity, requestId: currentContext().requestId };
  }

  @Get('admin')
  @Access({ roles: ['platform-admin'] })
  admin() {}

  @Get('probe')
  @Access('unsealed')
  probe() {
    return currentContext().identity;
  }
}

@Controller('forgotten')
class Forgotten {
  @Get()
  read() {}
}

@Catch(Refusal)
class CodeFilter implements ExceptionFilter<Refusal> {
  catch({ code, entry }: Refusal, host: ArgumentsHost): void {
    const { requestId } = currentContext();
    host.switchToHttp().getResponse().code(entry.status).send({ code, requestId });
  }
}

describe('TrustedHeadersModule', () => {
  let app: NestFastifyApplication;

  const sealed = (method: string, path: string, identity = alice, audience = 'note-service') => ({
    ...sealIdentity({
      identity,
      method,
      path,
      requestId: 'request-1',
      traceId,
      key: deriveSealKey(sealKey, audience),
      now: Date.now(),
    }),
    traceparent,
  });
  const get = async (url: string, headers: Record<string, string>) => {
    const { statusCode, body } = await app.inject({ method: 'GET', url, headers });
    return { statusCode, ...(body === '' ? {} : JSON.parse(body)) };
  };

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [TrustedHeadersModule.forRoot({ audience: 'note-service', sealKey })],
      controllers: [Notes, Forgotten],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    app.useGlobalFilters(new CodeFilter());
    await app.init();
  });
  afterAll(() => app.close());

  it('hands the sealed context to the handler, whatever the query says', async () => {
    const answer = await get('/notes?userId=bob', sealed('GET', '/notes'));
    expect(answer).toMatchObject({ statusCode: 200, requestId: 'request-1', traceId, traceparent, identity: alice });
  });

  it('keeps the context while a body is read and awaited', async () => {
    const { body } = await app.inject({
      method: 'POST',
      url: '/notes',
      headers: sealed('POST', '/notes'),
      payload: { text: 'x'.repeat(200_000) },
    });
    expect(JSON.parse(body)).toMatchObject({ identity: alice, requestId: 'request-1' });
  });

  it('keeps the contexts of simultaneous requests apart', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({ ...alice, userId: `user-${index}` }));
    const answers = await Promise.all(users.map((user) => get('/notes', sealed('GET', '/notes', user))));
    expect(answers.map(({ identity }) => identity.userId)).toEqual(users.map(({ userId }) => userId));
  });

  it.each([
    { when: 'there is no seal', headers: { 'x-user-id': 'alice', 'x-active': 'true', 'x-tenant-id': 't1' } },
    { when: 'the seal is for another path', headers: sealed('GET', '/notes/1') },
    { when: 'the seal is for another method', headers: sealed('POST', '/notes') },
    { when: 'the seal is for another service', headers: sealed('GET', '/notes', alice, 'other-service') },
    { when: 'another user id was put in', headers: { ...sealed('GET', '/notes'), 'x-user-id': 'bob' } },
  ])('answers IDENTITY_SEAL_INVALID when $when', async ({ headers }) => {
    expect(await get('/notes', headers)).toMatchObject({ statusCode: 401, code: 'IDENTITY_SEAL_INVALID' });
  });

  it('lets a refusal be found under the request id that was sent', async () => {
    const { requestId } = await get('/notes', { 'x-request-id': 'request-of-the-gateway' });
    expect(requestId).toBe('request-of-the-gateway');
  });

  it('does not repeat a request id that does not look like one', async () => {
    const { requestId } = await get('/notes', { 'x-request-id': '<script>"' });
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    { path: '/notes/admin', identity: alice, code: 'ACCESS_DENIED' },
    { path: '/notes', identity: anonymous, code: 'AUTH_CREDENTIALS_MISSING' },
    { path: '/notes', identity: serviceIdentity('auth-service'), code: 'ACCESS_DENIED' },
    { path: '/notes', identity: { ...alice, active: false }, code: 'ACCESS_USER_INACTIVE' },
    { path: '/forgotten', identity: { ...alice, roles: ['platform-admin'] }, code: 'ACCESS_DENIED' },
  ])('refuses $path with $code', async ({ path, identity, code }) => {
    expect(await get(path, sealed('GET', path, identity))).toMatchObject({ code });
  });

  it('lets a method say otherwise than its class', async () => {
    const admin = { ...alice, tenantId: '', roles: ['platform-admin'] };
    expect(await get('/notes/admin', sealed('GET', '/notes/admin', admin))).toMatchObject({ statusCode: 200 });
  });

  it('answers a probe without a seal, and takes no identity from it', async () => {
    const answer = await get('/notes/probe', { 'x-user-id': 'alice', 'x-active': 'true' });
    expect(answer).toMatchObject({ statusCode: 200, userId: '', active: false });
  });
});
