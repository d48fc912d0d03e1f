import { jest } from '@jest/globals';

import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { request, WebSocket } from 'undici';

import {
  type GrpcClients,
  InstanceServiceService,
  ProjectServiceService,
  SessionServiceService,
  UserServiceService,
} from '@libs/grpc';
import { describeWith, type OtlpReceiver, startOtlpReceiver, until } from '@libs/testing';
import { anonymous, newContext, runInContext } from '@libs/trusted-headers';

import type { Child } from './support/child.js';
import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './support/flow.js';
import { HeldTables } from './support/held-tables.js';
import { callInternally } from './support/internal.js';
import { Load } from './support/load.js';
import { beginUpload } from './support/slow-upload.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';
import { listening, readAll, type Upstream } from './support/upstream.js';
import { echoFrames } from './support/websocket-upstream.js';

jest.setTimeout(120_000);

const drainDelayMs = 300;
/** What a stop may take after that: docs/operations.md. */
const stopLimitMs = 5_000;

interface Subject {
  readonly service: 'auth-service' | 'tenant-service' | 'project-service' | 'ecs-service';
  /** What its requests below have to wait for. */
  readonly tables: readonly string[];
  readonly read: string;
  readonly write: { readonly method: 'POST' | 'PATCH'; readonly path: string; readonly body: object };
  /** Where it can be read what was written. */
  readonly written: string;
  readonly call: (clients: GrpcClients, who: Who) => Promise<unknown>;
}

interface Who extends Person {
  readonly sessionId: string;
  readonly projectId: string;
}

const patient = { as: 'caller', deadlineMs: 15_000 } as const;

const subjects: readonly Subject[] = [
  {
    service: 'project-service',
    tables: ['projects'],
    read: '/projects',
    write: { method: 'POST', path: '/projects', body: { name: 'last' } },
    written: '/projects',
    call: (clients, { projectId }) =>
      clients.to('project-service', ProjectServiceService).getProject({ id: projectId }, patient),
  },
  {
    service: 'ecs-service',
    tables: ['instances'],
    read: '/ecs/instances',
    write: { method: 'POST', path: '/ecs/instances', body: { name: 'last' } },
    written: '/ecs/instances',
    call: (clients) => clients.to('ecs-service', InstanceServiceService).countInstances({}, patient),
  },
  {
    service: 'auth-service',
    tables: ['sessions', 'api_keys'],
    read: '/auth/sessions',
    write: { method: 'POST', path: '/auth/api-keys', body: { name: 'last' } },
    written: '/auth/api-keys',
    call: (clients, { sessionId }) =>
      clients.to('auth-service', SessionServiceService).getSession({ sessionId }, { ...patient, as: 'service' }),
  },
  {
    service: 'tenant-service',
    tables: ['sys_user'],
    read: '/users/me',
    write: { method: 'PATCH', path: '/users/me', body: { displayName: 'last' } },
    written: '/users/me',
    call: (clients, { userId }) =>
      clients.to('tenant-service', UserServiceService).getUser({ id: userId }, { ...patient, as: 'service' }),
  },
];

describeWith(['mariadbd', 'redis-server'], 'a process of the stack that is told to stop', () => {
  let collector: OtlpReceiver;
  let upstream: Upstream;
  let configuration: StackConfiguration;
  let stack: DistributedStack;
  let client: Client;
  let internal: Awaited<ReturnType<typeof callInternally>>;
  let alice: Who;

  beforeAll(async () => {
    collector = await startOtlpReceiver();
    upstream = await aSlowService();
    configuration = new StackConfiguration((written) => ({
      ...withoutLimits(written),
      services: {
        ...(written as unknown as { services: object }).services,
        shop: { instances: [{ url: upstream.url }] },
      },
      routes: [
        ...withoutLimits(written).routes,
        { id: 'shop', path: '/shop/**', service: 'shop', access: { authenticated: true } },
      ],
    }));
    stack = await DistributedStack.create(2, {
      ...configuration.environment,
      DRAIN_DELAY: `${drainDelayMs}ms`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      SIMULATED_PROVISION: '1ms',
    });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    internal = await callInternally(stack);
    const person = await aPerson(client);
    const me = expectStatus(await client.get('/auth/me', { token: person.token }), 200);
    const made = expectStatus(await client.post('/projects', { token: person.token, body: { name: 'first' } }), 201);
    alice = { ...person, sessionId: me.body.session.id, projectId: made.body.id };
  });
  afterAll(async () => {
    await client?.close();
    await internal?.close();
    await stack?.dispose();
    await upstream?.close();
    await collector?.close();
    configuration?.remove();
  });

  // One that failed must not make the others fail.
  afterEach(async () => {
    for (const { service } of subjects) if (!child(service).running) await stack.startService(service);
    for (const index of [0, 1]) if (!child(`gateway-${index}`).running) await stack.startGateway(index);
  });

  const child = (name: string): Child => stack.children.get(name) as Child;
  const prefix = (): string => new URL(stack.mariaDb.url).pathname.slice(1);
  const schemaOf = (service: string): string => `${prefix()}_${service.replace('-service', '')}`;

  async function ask(sql: string): Promise<RowDataPacket> {
    const connection = await createConnection(stack.mariaDb.url);
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    await connection.end();
    return rows[0] as RowDataPacket;
  }
  /** Connections that ended without a goodbye. */
  const abandoned = async (): Promise<number> =>
    Number((await ask("SHOW GLOBAL STATUS LIKE 'Aborted_clients'"))['Value']);
  /** What a service has written and not told anybody. */
  const untold = async (service: string): Promise<number> => {
    const schema = schemaOf(service);
    const counted = await ask(
      `SELECT (SELECT COUNT(*) FROM ${schema}.outbox) + (SELECT COUNT(*) FROM ${schema}.audit_outbox) AS untold`,
    );
    return Number(counted['untold']);
  };
  const untilNotReady = (management: number): Promise<number> =>
    until(
      async () => (await fetch(`http://127.0.0.1:${management}/ready`)).status,
      (status) => status === 503,
    );
  const isExported = (requestTrace: string, service: string): boolean =>
    collector.spans.some((span) => span.traceId === requestTrace && span.service === service);

  /** A process has said and sent all that it had to about this request. */
  function expectAccountedFor(name: string, service: string, answer: { requestId: string; traceId?: string }): void {
    expect(child(name).output).toContain(`"request_id":"${answer.requestId}"`);
    if (answer.traceId !== undefined) expect(isExported(answer.traceId, service)).toBe(true);
  }

  it.each(subjects)('$service finishes requests, calls and uploads, and leaves nothing behind', async (subject) => {
    const { service, tables, read, write, written, call } = subject;
    const { token } = alice;
    // Gateways know her, and need not ask while the tables are held.
    await untilStatus(() => client.get(read, { token }), 200, 20_000);
    const project = service === 'ecs-service' ? { projectId: alice.projectId } : {};
    const { method, path } = write;
    const done = method === 'POST' ? 201 : 200;
    const body = JSON.stringify({ ...write.body, ...project });
    // Whom it asks for this may have come back only just now.
    const earlier = { name: 'earlier', ...project };
    if (method === 'POST') await untilStatus(() => client.post(path, { token, body: earlier }), 201, 20_000);
    const before = await abandoned();

    const upload = await beginUpload(`${client.baseUrl}${path}`, { method, token, body });
    const held = await HeldTables.hold(stack.mariaDb.url, schemaOf(service), tables);
    const reading = client.get(read, { token });
    const identity = { ...anonymous, userId: alice.userId, tenantId: alice.tenantId, active: true };
    const owner = { ...identity, roles: ['owner'], scopes: ['*'], authMethod: 'jwt' } as const;
    const calling = runInContext(newContext(owner), () => call(internal.clients, alice));
    calling.catch(() => undefined);
    await held.untilWaiting(2);

    const stopping = child(service).stop('SIGTERM');
    await untilNotReady(stack.ports(service).management);
    await wait(drainDelayMs + 200);
    const finished = upload.finish();
    await wait(200);
    expect(child(service).running).toBe(true);
    await held.letGo();

    const answer = expectStatus(await reading, 200);
    const last = await finished;
    expect(last).toMatchObject({ status: done });
    await calling;
    const { code, tookMs } = await stopping;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(drainDelayMs + stopLimitMs);

    expectAccountedFor(service, service, {
      requestId: String(answer.headers['x-request-id']),
      traceId: String(answer.headers['x-trace-id']),
    });
    expectAccountedFor(service, service, { requestId: last.requestId });
    expect(child(service).output).not.toContain('something still open');
    expect(await untold(service)).toBe(0);
    expect(await abandoned()).toBe(before);

    const refused = await client.get(read, { token });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    await stack.startService(service);
    const again = await untilStatus(() => client.get(written, { token }), 200, 20_000);
    expect(JSON.stringify(again.answer.body)).toContain(JSON.parse(last.body).id);
  });

  it('a gateway finishes requests and uploads, and closes streams within the bound', async () => {
    const { token } = alice;
    await untilStatus(() => client.get('/shop/now', { token }), 200, 20_000);
    const headers = { authorization: `Bearer ${token}` };
    const slow = client.get(`/shop/slow?ms=${drainDelayMs + 800}`, { token });
    const upload = await beginUpload(`${client.baseUrl}/shop/echo`, {
      method: 'POST',
      token,
      body: JSON.stringify({ long: 'x'.repeat(200_000) }),
    });
    const events = await request(`${client.baseUrl}/shop/events`, { headers });
    let heard = 0;
    const streamed = (async () => {
      for await (const _ of events.body) heard += 1;
    })().catch(() => undefined);
    const socket = new WebSocket(`${client.baseUrl.replace('http', 'ws')}/shop/chat`, { headers });
    await once(socket, 'open');
    const socketClosed = once(socket, 'close') as Promise<[CloseEvent]>;

    const stopping = child('gateway-0').stop('SIGTERM');
    await untilNotReady((stack.gatewayPorts[0] as { management: number }).management);
    const heardBefore = heard;
    await wait(drainDelayMs + 200);
    const uploaded = await upload.finish();
    expect(uploaded).toMatchObject({ status: 200, body: expect.stringMatching(/^200\d\d\d bytes$/) });
    const answer = expectStatus(await slow, 200);
    expect(answer.body).toBe('slow');
    // A stream goes on for as long as it can: it is not cut off while there is time.
    expect(heard).toBeGreaterThan(heardBefore);
    await streamed;
    // The client is told that it may come back at once.
    expect((await socketClosed)[0].code).toBe(1012);

    const { code, tookMs } = await stopping;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(drainDelayMs + stopLimitMs);
    expectAccountedFor('gateway-0', 'gateway', {
      requestId: String(answer.headers['x-request-id']),
      traceId: String(answer.headers['x-trace-id']),
    });
    expectAccountedFor('gateway-0', 'gateway', { requestId: uploaded.requestId });
    expectAccountedFor('gateway-0', 'gateway', {
      requestId: String(events.headers['x-request-id']),
      traceId: String(events.headers['x-trace-id']),
    });
    expect(child('gateway-0').output).toMatch(/"path":"\/shop\/chat"/);
    expect(child('gateway-0').output).not.toContain('something still open');

    const other = new Client(stack.gateways[1] as string);
    expectStatus(await other.get('/shop/now', { token }), 200);
    await other.close();
  });

  it('all of them at once, under load: each ends cleanly, and what was acknowledged is there afterwards', async () => {
    const { token } = alice;
    await untilStatus(() => client.get('/projects', { token }), 200, 20_000);
    const acknowledged: string[] = [];
    const load = new Load({ clients: 12, pauseMs: 5 }, async (n) => {
      const { status, headers, body } = await client.post('/projects', { token, body: { name: `all-${n}` } });
      if (status === 201) acknowledged.push(body.id);
      if (status === 503 && headers['retry-after'] === undefined) return '503 without Retry-After';
      return status === 201 ? '' : `status ${status}`;
    });
    await until(
      () => acknowledged.length,
      (count) => count > 50,
      20_000,
    );
    const before = await abandoned();
    const { codes, tookMs } = await stack.stop();
    const { failures } = await load.stop();
    expect(codes).toEqual(codes.map(() => 0));
    expect(tookMs).toBeLessThan(drainDelayMs + stopLimitMs);
    const unexpected = Object.keys(failures).filter(
      (what) => !/^status 50[234]$|ECONNREFUSED|UND_ERR_SOCKET|ECONNRESET/.test(what),
    );
    expect(unexpected).toEqual([]);
    expect(await abandoned()).toBe(before);

    await stack.start();
    const connection = await createConnection(stack.mariaDb.url);
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT id FROM ${schemaOf('project-service')}.projects`);
    await connection.end();
    const kept = new Set(rows.map(({ id }) => String(id)));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    for (const { service } of subjects) {
      await until(
        () => untold(service),
        (count) => count === 0,
        20_000,
      );
    }
  });

  it.each([
    { name: 'gateway-1', first: 'SIGTERM', second: 'SIGINT' },
    { name: 'project-service', first: 'SIGINT', second: 'SIGTERM' },
  ] as const)('$name ends at once when it is told a second time ($first, $second)', async ({ name, first, second }) => {
    const { token } = alice;
    const toGateway = new Client(stack.gateways[1] as string);
    await untilStatus(() => toGateway.get('/projects', { token }), 200, 20_000);
    const held = await HeldTables.hold(stack.mariaDb.url, schemaOf('project-service'), ['projects']);
    const hanging = toGateway.get('/projects', { token }).catch(() => undefined);
    await held.untilWaiting(1);
    const stopping = child(name).stop(first);
    await wait(1_500);
    expect(child(name).running).toBe(true);
    const toldAgainAt = performance.now();
    await child(name).stop(second);
    expect((await stopping).code).toBe(1);
    // The request would have had until its drain ends.
    expect(performance.now() - toldAgainAt).toBeLessThan(1_500);
    await held.letGo();
    await hanging;
    await toGateway.close();
  });
});

/** Somebody's service: slow answers, echoes of bodies, events without end, and a chat. */
async function aSlowService(): Promise<Upstream> {
  const server = createServer(async (asked, response) => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://shop');
    if (pathname.endsWith('/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const writing = setInterval(() => response.write('data: still here\n\n'), 50);
      response.once('close', () => clearInterval(writing));
      return;
    }
    const body = await readAll(asked);
    await wait(Number(searchParams.get('ms') ?? 0));
    response.end(pathname.endsWith('/echo') ? `${body.length} bytes` : (pathname.split('/').pop() ?? ''));
  });
  server.on('upgrade', echoFrames);
  return listening(server);
}
