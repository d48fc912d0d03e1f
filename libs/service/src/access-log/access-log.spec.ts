import { credentials, makeGenericClientConstructor, Metadata } from '@grpc/grpc-js';
import { Logger, type LoggerService } from '@nestjs/common';

import { ApiKeyServiceService } from '@libs/grpc';
import { anonymous, currentContextOrNone } from '@libs/trusted-headers';

import type { RunningService } from '../running/running-service.js';
import { requestId, seal, startTinyService, traceId } from '../running/tiny-service.fixture.js';

const alice = { ...anonymous, userId: 'alice', tenantId: 'acme', active: true, authMethod: 'jwt' } as const;

interface Line {
  readonly level: string;
  readonly entry: Record<string, unknown>;
  readonly contextId: string | undefined;
}

const lines: Line[] = [];
const collect =
  (level: string) =>
  (entry: Record<string, unknown>): void =>
    void lines.push({ level, entry, contextId: currentContextOrNone()?.requestId });
const collector: LoggerService = { log: collect('info'), warn: collect('warn'), error: collect('error') };

let service: RunningService;
beforeAll(async () => {
  service = await startTinyService();
  Logger.overrideLogger(collector);
});
beforeEach(() => void lines.splice(0));
afterAll(() => service.stop());

const get = async (path: string) =>
  (await fetch(`${service.http}${path}`, { headers: seal('GET', path, alice) })).text();

describe('the access log', () => {
  it('has one line for a request, written in its context, and without its query', async () => {
    await fetch(`${service.http}/notes?pageSize=3`, { headers: seal('GET', '/notes', alice) });
    expect(lines).toEqual([
      {
        level: 'info',
        contextId: requestId,
        entry: {
          msg: 'served',
          request_id: requestId,
          trace_id: traceId,
          route: '/notes',
          method: 'GET',
          path: '/notes',
          status: 200,
          latency_ms: expect.any(Number),
          user_id: 'alice',
          tenant_id: 'acme',
        },
      },
    ]);
  });

  it('says why a request was refused, for the operator', async () => {
    await get('/notes/refused');
    expect(lines).toMatchObject([
      { level: 'info', entry: { status: 429, code: 'RATE_LIMITED', reason: 'not for you' } },
    ]);
  });

  it('has the error itself, once, when a request failed', async () => {
    await get('/notes/broken');
    expect(lines).toMatchObject([
      { level: 'error', entry: { status: 500, code: 'INTERNAL', err: expect.any(TypeError), request_id: requestId } },
    ]);
  });

  it('has a line for a request that found no route', async () => {
    await fetch(`${service.http}/nowhere`);
    expect(lines).toMatchObject([{ entry: { status: 404, route: '', path: '/nowhere', user_id: '' } }]);
  });

  it('is silent about probes', async () => {
    await get('/health');
    await get('/ready');
    expect(lines).toEqual([]);
  });

  it.each([
    { when: 'served', sealed: true, line: { status: 'OK', user_id: 'alice' } },
    {
      when: 'turned away',
      sealed: false,
      line: { status: 'UNAUTHENTICATED', code: 'IDENTITY_SEAL_INVALID', user_id: '' },
    },
  ])('has a line for a gRPC call that was $when', async ({ sealed, line }) => {
    const method = '/gatehouse.auth.v1.ApiKeyService/ResolveApiKey';
    const Client = makeGenericClientConstructor(ApiKeyServiceService, 'ApiKeyService');
    const client = new Client(service.grpc, credentials.createInsecure());
    const metadata = Metadata.fromHttp2Headers(sealed ? seal('POST', method, alice) : {});
    await new Promise<void>((resolve) => client['resolveApiKey']?.({ key: 'a' }, metadata, () => resolve()));
    client.close();
    expect(lines).toMatchObject([{ level: 'info', entry: { msg: 'called', method, ...line } }]);
    expect(lines[0]?.contextId).toEqual(sealed ? requestId : expect.any(String));
  });
});
