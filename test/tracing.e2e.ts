import { jest } from '@jest/globals';

import { readFileSync } from 'node:fs';

import { describeWith, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver, until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { DistributedStack, EmbeddedStack, type Stack } from './support/stack.js';

jest.setTimeout(120_000);

/** Waits until the trace has no span whose parent has not come. */
const wholeTrace = async (receiver: OtlpReceiver, traceId: string, isThere: (spans: ReceivedSpan[]) => boolean) =>
  until(() => receiver.spans.filter((span) => span.traceId === traceId), isThere, 15_000);

const named = (spans: readonly ReceivedSpan[], service: string, name: RegExp): ReceivedSpan | undefined =>
  spans.find((span) => span.service === service && name.test(span.name));

/** Processes send their spans when it suits them: whether none is still missing between the first and the last. */
const isConnected = (spans: readonly ReceivedSpan[]): boolean => {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId));
};

/** The names of the spans from the first one of the trace down to this one. */
function pathTo(spans: readonly ReceivedSpan[], span: ReceivedSpan | undefined): string[] {
  if (span === undefined) return [];
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...pathTo(spans, parent), `${span.service}: ${span.name}`];
}

interface Mode {
  readonly mode: string;
  readonly needs: readonly string[];
  readonly create: (extra: Record<string, string>) => Promise<Stack>;
}

const modes: readonly Mode[] = [
  { mode: 'in one process', needs: [], create: (extra) => EmbeddedStack.create(extra) },
  {
    mode: 'a process each, on MariaDB and Redis',
    needs: ['mariadbd', 'redis-server'],
    create: (extra) => DistributedStack.create(1, extra),
  },
];

for (const { mode, needs, create } of modes) {
  describeWith(needs, `a trace, ${mode}`, () => {
    let receiver: OtlpReceiver;
    let stack: Stack;
    let client: Client;

    beforeAll(async () => {
      receiver = await startOtlpReceiver();
      stack = await create({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
      await stack.start();
      client = new Client(stack.gateways[0] as string);
    });
    afterAll(async () => {
      await client?.close();
      await stack?.dispose();
      await receiver?.close();
    });

    it('of GET /projects shows the gateway, project-service and its SQL under the id that the client is told, and of GET /dashboard its gRPC calls', async () => {
      const alice = await aPerson(client);
      const made = expectStatus(await client.post('/projects', { token: alice.token, body: { name: 'traced' } }), 201);
      const answer = expectStatus(await client.get('/projects', { token: alice.token }), 200);
      const traceId = String(answer.headers['x-trace-id']);
      const spans = await wholeTrace(
        receiver,
        traceId,
        (all) => named(all, 'project-service', /^SELECT projects/) !== undefined && isConnected(all),
      );

      const sql = named(spans, 'project-service', /^SELECT projects/);
      expect(pathTo(spans, sql)).toEqual([
        'gateway: GET /projects/**',
        'gateway: GET project-service',
        'project-service: GET /projects',
        'project-service: SELECT projects',
      ]);
      expect(sql?.attributes['db.query.text']).toMatch(/^SELECT .*\?/);

      const dashboard = expectStatus(await client.get('/dashboard', { token: alice.token }), 200);
      const all = await wholeTrace(
        receiver,
        String(dashboard.headers['x-trace-id']),
        (each) =>
          named(each, 'gateway', /^GET \/dashboard/) !== undefined &&
          named(each, 'tenant-service', /SELECT/) !== undefined &&
          isConnected(each),
      );
      const called = all.find(({ service, kind }) => service === 'tenant-service' && kind === 2);
      expect(pathTo(all, called).slice(0, 4)).toEqual([
        'gateway: GET /dashboard',
        'gateway: GET project-service',
        'project-service: GET /dashboard',
        `project-service: ${called?.name}`,
      ]);
      expect(made.body.name).toBe('traced');
    });

    it('of a first GET /projects shows who was asked over gRPC, at both ends, beside project-service and its SQL', async () => {
      // Nobody has asked anything in this session yet: the gateway remembers neither it nor the account.
      const { token } = await aPerson(client);
      const answer = expectStatus(await client.get('/projects', { token }), 200);
      const hasSql = (all: ReceivedSpan[], service: string): boolean => named(all, service, /^SELECT/) !== undefined;
      const spans = await wholeTrace(
        receiver,
        String(answer.headers['x-trace-id']),
        (all) =>
          ['auth-service', 'tenant-service', 'project-service'].every((service) => hasSql(all, service)) &&
          isConnected(all),
      );

      const pathOf = (service: string, name: RegExp): string[] => pathTo(spans, named(spans, service, name));
      const [begin, getSession, getAccount] = [
        'gateway: GET /projects/**',
        'gatehouse.auth.v1.SessionService/GetSession',
        'gatehouse.tenant.v1.AccountService/GetAccount',
      ];
      expect(pathOf('auth-service', /^SELECT/).slice(0, -1)).toEqual([
        begin,
        `gateway: ${getSession}`,
        `auth-service: ${getSession}`,
      ]);
      expect(pathOf('tenant-service', /^SELECT/).slice(0, -1)).toEqual([
        begin,
        `gateway: ${getAccount}`,
        `tenant-service: ${getAccount}`,
      ]);
      expect(pathOf('project-service', /^SELECT projects/)).toEqual([
        begin,
        'gateway: GET project-service',
        'project-service: GET /projects',
        'project-service: SELECT projects',
      ]);
    });

    it('holds nothing secret, and nothing that a user wrote', async () => {
      const marks = ['mark-in-query', 'mark-in-body', 'mark-in-header'];
      const alice = await aPerson(client);
      await client.post('/projects', { token: alice.token, body: { name: 'mark-in-body' } });
      const last = await client.get('/projects?filter=name%3Dmark-in-query', {
        token: alice.token,
        headers: { 'x-anything': 'mark-in-header' },
      });
      await wholeTrace(receiver, String(last.headers['x-trace-id']), (all) => all.length > 1);
      const said = JSON.stringify(receiver.spans);
      for (const secret of [...marks, alice.token, alice.password, alice.email, alice.refreshToken]) {
        expect(said).not.toContain(secret);
      }
    });

    it('goes on below that of the client, and is not recorded when the client does not record', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const quiet = traceId.replace('4bf9', 'dead');
      const ask = (trace: string, flags: string) =>
        client.get('/public/status', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-${flags}` } });
      expect((await ask(quiet, '00')).headers['x-trace-id']).toBe(quiet);
      expect((await ask(traceId, '01')).headers['x-trace-id']).toBe(traceId);
      const spans = await wholeTrace(receiver, traceId, (all) => named(all, 'gateway', /^GET/) !== undefined);
      expect(named(spans, 'gateway', /^GET/)?.parentSpanId).toBe('00f067aa0ba902b7');
      expect(receiver.spans.some((each) => each.traceId === quiet)).toBe(false);
    });
  });
}

/** The names that the semantic conventions have, without those that they had. */
function conventions(): Set<string> {
  const files = ['stable_attributes', 'experimental_attributes'].map((name) =>
    readFileSync(`node_modules/@opentelemetry/semantic-conventions/dist/${name}.d.mts`, 'utf8'),
  );
  const declared = files.join('\n').matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*declare const ATTR_\w+: "([\w.]+)"/g);
  return new Set([...declared].flatMap(([, about = '', name = '']) => (about.includes('@deprecated') ? [] : [name])));
}

for (const { mode, needs, create } of modes) {
  describeWith(needs, `all that is recorded, ${mode}`, () => {
    const probing = '4bf92f3577b34da6a3ce929d0e0eab1e';
    const clientSpan = '00f067aa0ba902b7';
    let spans: readonly ReceivedSpan[];

    beforeAll(async () => {
      const receiver = await startOtlpReceiver();
      const stack = await create({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
      const client = new Client(stack.gateways[0] as string);
      try {
        await stack.start();
        const alice = await aPerson(client);
        await client.post('/auth/login:passkey-options');
        await client.get('/projects/no-such-project', { token: alice.token });
        await client.get('/no/such/route');
        await client.get('/auth/no/such/route', { token: alice.token });
        await client.get('/dashboard', { token: alice.token });
        const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const;
        const ports = services.flatMap((service) => [stack.ports(service).http, stack.ports(service).management]);
        const headers = { traceparent: `00-${probing}-${clientSpan}-01` };
        for (const url of [...stack.gateways, ...ports.map((port) => `http://127.0.0.1:${port}`)]) {
          for (const path of ['/health', '/ready', '/ready?verbose', '/actuator/health', '/actuator/prometheus'])
            await (await fetch(url + path, { headers })).text();
        }
        // Everybody's last spans come with the end.
        await stack.stop();
      } finally {
        await client.close();
        await stack.dispose();
        spans = receiver.spans;
        await receiver.close();
      }
    });
    const told = (all: readonly ReceivedSpan[]): string[] => all.map(({ service, name }) => `${service}: ${name}`);

    it('hangs together: each span has its parent, and no probe has one', () => {
      const ids = new Set([...spans.map(({ spanId }) => spanId), '', clientSpan]);
      expect(told(spans.filter(({ parentSpanId }) => !ids.has(parentSpanId)))).toEqual([]);
      expect(told(spans.filter(({ name }) => /health|ready/.test(name)))).toEqual([]);
      expect(spans.length).toBeGreaterThan(50);
    });

    it('says which process it is of', () => {
      const instances = new Map<string, Set<unknown>>();
      for (const { service, resource } of spans)
        instances.set(service, (instances.get(service) ?? new Set()).add(resource['service.instance.id']));
      expect(instances.size).toBe(5);
      const all = [...instances.values()].map((ids) => [...ids]);
      for (const ids of all) expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)]);
      expect(new Set(all.flat()).size).toBe(5);
    });

    it('is in the words of the semantic conventions as they are, or in our own', () => {
      const known = conventions();
      expect(known.size).toBeGreaterThan(200);
      const names = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)));
      const others = [...names].filter((name) => !name.startsWith('gatehouse.') && !known.has(name));
      // The number that tools look for, beside the name that the conventions have put in its place.
      expect(others).toEqual(['rpc.grpc.status_code']);
    });

    it('names routes by what is served, and what has none by nothing', () => {
      const routes = spans.flatMap(({ attributes }) =>
        'http.route' in attributes ? [String(attributes['http.route'])] : [],
      );
      expect(routes).toEqual(expect.arrayContaining(['/auth/login:passkey-options', '/projects/:id']));
      expect(routes.filter((route) => !/^\/[^:]*(:[^:]+)*$/.test(route))).toEqual([]);
      const unserved = spans.filter(({ name, kind }) => kind === 2 && name === 'GET');
      expect(unserved.length).toBeGreaterThanOrEqual(2);
      for (const { attributes } of unserved) expect(attributes).not.toHaveProperty('http.route');
    });

    it('has an answer of 4xx as a failure of who asked, and as none of who answered', () => {
      const refused = spans.filter(({ attributes }) => attributes['http.response.status_code'] === 404);
      const of = (kind: number): boolean[] =>
        refused.filter((span) => span.kind === kind).map((span) => span.hasFailed);
      expect(new Set(of(3))).toEqual(new Set([true]));
      expect(new Set(of(2))).toEqual(new Set([false]));
      for (const { attributes } of refused.filter(({ kind }) => kind === 3))
        expect(attributes['error.type']).toBe('404');
    });

    it('tells of calls how they ended, and of stores what was asked of which', () => {
      const calls = spans.filter(({ attributes }) => 'rpc.system.name' in attributes);
      expect(new Set(calls.map(({ kind }) => kind))).toEqual(new Set([2, 3]));
      for (const { name, attributes } of calls) {
        expect(attributes).toMatchObject({ 'rpc.system.name': 'grpc', 'rpc.method': name });
        expect([attributes['rpc.status_code'], attributes['rpc.grpc.status_code']]).toEqual(['OK', 0]);
      }
      const stores = spans.filter(({ attributes }) => 'db.system.name' in attributes);
      const systems = mode === 'in one process' ? ['sqlite'] : ['mysql', 'redis'];
      expect(new Set(stores.map(({ attributes }) => attributes['db.system.name']))).toEqual(new Set(systems));
      for (const { name, attributes } of stores) {
        expect(attributes['db.operation.name']).toBe(name.split(' ', 1)[0]);
        if (attributes['db.system.name'] === 'sqlite') continue;
        expect(attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': expect.any(Number) });
        expect(attributes['db.namespace']).toMatch(/^(\d+|\w+_(auth|tenant|project|ecs))$/);
      }
      const insert = stores.find(({ name }) => name === 'INSERT sys_user');
      expect(insert?.attributes).toMatchObject({
        'db.collection.name': 'sys_user',
        'db.query.summary': 'INSERT sys_user',
      });
    });
  });
}

describe('clients that all want to be recorded', () => {
  let receiver: OtlpReceiver;
  let stack: EmbeddedStack;
  let client: Client;

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    stack = await EmbeddedStack.create({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER_ARG: '0',
      TRACES_BY_CLIENTS: '5',
    });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
    await receiver?.close();
  });

  it('are followed so many times a second, by all services behind the gateway, and go on under their ids', async () => {
    const alice = await aPerson(client);
    const begun = performance.now();
    const traceIds = Array.from({ length: 100 }, (_, n) => `4bf92f3577b34da6a3ce929d0e0e${String(n).padStart(4, '0')}`);
    for (const traceId of traceIds) {
      const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      const answer = expectStatus(await client.get('/projects', { token: alice.token, headers }), 200);
      expect(answer.headers['x-trace-id']).toBe(traceId);
    }
    const most = 5 + Math.ceil(((performance.now() - begun) / 1000) * 5);
    // Ends with the last of the spans.
    await stack.stop('SIGTERM');
    const recorded = (service: string): number =>
      new Set(receiver.spans.filter((span) => span.service === service).map(({ traceId }) => traceId)).size;
    expect(recorded('gateway')).toBeGreaterThanOrEqual(5);
    expect(recorded('gateway')).toBeLessThanOrEqual(most);
    expect(recorded('project-service')).toBe(recorded('gateway'));
  });
});

describe('a collector that hangs', () => {
  let receiver: OtlpReceiver;
  let stack: EmbeddedStack;
  let client: Client;

  beforeAll(async () => {
    receiver = await startOtlpReceiver({ hangs: true });
    stack = await EmbeddedStack.create({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, TRUSTED_PROXY: '127.0.0.1/32' });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
    await receiver?.close();
  });

  it('fails no request, costs bounded memory, is told in the metrics, and does not keep the process', async () => {
    for (let round = 0; round < 60; round++) {
      // From many addresses: none of them meets its limit.
      const ask = (_: unknown, host: number) =>
        client.get('/public/status', { headers: { 'x-forwarded-for': `198.51.${round}.${host}` } });
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
    expect(receiver.requests).toBeGreaterThan(0);
    const metrics = await (await fetch(`${stack.management}/actuator/prometheus`)).text();
    const value = (line: RegExp): number => Number(line.exec(metrics)?.[1] ?? Number.NaN);
    expect(value(/^trace_spans_total\{outcome="dropped"\} (\d+)/m)).toBeGreaterThan(500);
    expect(value(/^trace_spans_waiting (\d+)/m)).toBeLessThanOrEqual(4_096);

    const { codes, tookMs } = await stack.stop('SIGTERM');
    expect(codes).toEqual([0]);
    expect(tookMs).toBeLessThan(5_000);
  });
});
