import { jest } from '@jest/globals';

import { until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(60_000);

type Kind = 'string' | 'number' | 'array' | 'object' | 'boolean' | 'time' | 'string?';

/**
 * What the reference of Spring Boot's actuator (and of Spring Cloud Gateway's) documents of each answer, as far as it is
 * not about the JVM: `*` stands for every field of an object, `[]` for every element of a list.
 */
const documented: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  '': { _links: 'object', '_links.*.href': 'string', '_links.*.templated': 'boolean' },
  '/health': { status: 'string', components: 'object', 'components.*.status': 'string', groups: 'array' },
  '/health/liveness': { status: 'string' },
  '/health/readiness': { status: 'string', components: 'object', 'components.*.status': 'string' },
  '/info': {
    'build.artifact': 'string',
    'build.group': 'string',
    'build.name': 'string',
    'build.version': 'string',
    'build.time': 'time',
    'os.name': 'string',
    'os.version': 'string',
    'os.arch': 'string',
    'process.pid': 'number',
    'process.parentPid': 'number',
    'process.owner': 'string',
    'process.cpus': 'number',
    'process.memory.heap.used': 'number',
    'process.memory.heap.committed': 'number',
    'process.memory.heap.max': 'number',
    'process.memory.nonHeap.used': 'number',
  },
  '/metrics': { names: 'array', 'names.[]': 'string' },
  '/metrics/process.uptime': {
    name: 'string',
    description: 'string',
    baseUnit: 'string',
    measurements: 'array',
    'measurements.[].statistic': 'string',
    'measurements.[].value': 'number',
    availableTags: 'array',
  },
  '/metrics/http.server.requests': {
    name: 'string',
    'measurements.[].statistic': 'string',
    'measurements.[].value': 'number',
    'availableTags.[].tag': 'string',
    'availableTags.[].values': 'array',
  },
  '/loggers': {
    levels: 'array',
    loggers: 'object',
    'loggers.*.configuredLevel': 'string?',
    'loggers.*.effectiveLevel': 'string',
    groups: 'object',
    'groups.*.members': 'array',
  },
  '/loggers/ROOT': { configuredLevel: 'string?', effectiveLevel: 'string' },
  '/loggers/web': { members: 'array', 'members.[]': 'string' },
};

const documentedOfGateways: typeof documented = {
  '/gateway/routes': {
    '[].route_id': 'string',
    '[].predicate': 'string',
    '[].filters': 'array',
    '[].uri': 'string',
    '[].order': 'number',
  },
  '/gateway/routes/projects': {
    id: 'string',
    predicates: 'array',
    'predicates.[].name': 'string',
    'predicates.[].args': 'object',
    filters: 'array',
    uri: 'string',
    order: 'number',
  },
};

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === '[]' || step === '*') {
    const parts = typeof value === 'object' && value !== null ? Object.values(value) : [];
    return parts.length === 0 ? [undefined] : parts.flatMap((part) => valuesAt(part, rest));
  }
  return valuesAt((value as Record<string, unknown> | undefined)?.[step], rest);
}

const isOfKind: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value !== '',
  'string?': (value) => value === null || typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  time: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

describe('a client made for Spring Boot', () => {
  let stack: EmbeddedStack;
  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  it.each(['gateway', 'auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const)(
    'finds every documented field at %s',
    async (app) => {
      const base = app === 'gateway' ? stack.management : `http://127.0.0.1:${stack.ports(app).management}`;
      if (app === 'gateway') await fetch(`${stack.gateways[0]}/public/status`);
      else await fetch(`http://127.0.0.1:${stack.ports(app).http}/nothing`);
      const accept = 'application/vnd.spring-boot.actuator.v3+json, application/json;q=0.9';
      const missing: string[] = [];
      for (const [path, fields] of Object.entries({
        ...documented,
        ...(app === 'gateway' ? documentedOfGateways : {}),
      })) {
        const answer = await fetch(`${base}/actuator${path}`, { headers: { accept } });
        expect([path, answer.status]).toEqual([path, 200]);
        expect(answer.headers.get('content-type')).toContain('application/vnd.spring-boot.actuator.v3+json');
        const body = (await answer.json()) as unknown;
        for (const [field, kind] of Object.entries(fields)) {
          if (!valuesAt(body, field.split('.')).every(isOfKind[kind])) missing.push(`${path} ${field}: ${kind}`);
        }
      }
      expect(missing).toEqual([]);
      const scraped = await fetch(`${base}/actuator/prometheus`);
      expect(scraped.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(await scraped.text()).toMatch(/^# TYPE http_server_requests_seconds histogram$/m);
    },
  );
});

describe('the actuator on the public port', () => {
  let stack: EmbeddedStack;
  let client: Client;
  let operator: string;

  beforeAll(async () => {
    stack = await EmbeddedStack.create({ LOG_LEVEL: 'info' });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    const login = { login: 'admin', password: stack.adminPassword };
    operator = expectStatus(await client.post('/auth/login', { body: login }), 200).body.accessToken;
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  it('is for the role platform-admin', async () => {
    const alice = await aPerson(client);
    for (const path of ['/actuator', '/actuator/health', '/actuator/gateway/routes', '/actuator/metrics?tag=a:b']) {
      expect((await client.get(path)).status).toBe(404);
      expect((await client.get(path, { token: alice.token })).status).toBe(403);
      expect((await client.get(path, { token: 'forged' })).status).toBe(401);
      expect((await client.get(path, { token: operator })).status).toBe(200);
    }
    const headers = { 'x-roles': 'platform-admin', 'x-user-id': alice.userId, 'x-active': 'true' };
    expect((await client.get('/actuator/health', { headers })).status).toBe(404);
    expect((await client.get('/actuator/nothing', { token: operator })).status).toBe(404);
  });

  it('has details for whoever may enter, and metrics by tag', async () => {
    const health = await client.get('/actuator/health', { token: operator });
    expect(health.body).toMatchObject({
      status: 'UP',
      components: { configuration: { status: 'UP', details: expect.any(Object) } },
      groups: ['liveness', 'readiness'],
    });
    const metric = await client.get('/actuator/metrics/http.server.requests?tag=route:gateway-actuator', {
      token: operator,
    });
    expect(metric.body.measurements[0].value).toBeGreaterThan(0);
    const routes = await client.get('/actuator/gateway/routes', { token: operator });
    expect(routes.body.map(({ route_id }: { route_id: string }) => route_id)).toContain('projects');
  });

  it('changes what is logged while it runs', async () => {
    const set = (name: string, configuredLevel: string | null) =>
      client.post(`/actuator/loggers/${name}`, { token: operator, body: { configuredLevel } });
    const lines = (path: string): number =>
      stack
        .output()
        .split('\n')
        .filter((line) => line.includes(path)).length;

    await client.get('/public/nothing-heard');
    await until(
      () => lines('/public/nothing-heard'),
      (count) => count === 1,
    );
    expect((await set('AccessLog', 'OFF')).status).toBe(204);
    await client.get('/public/nothing-unheard');
    expect((await set('AccessLog', null)).status).toBe(204);
    await client.get('/public/nothing-again');
    await until(
      () => lines('/public/nothing-again'),
      (count) => count === 1,
    );
    expect(lines('/public/nothing-unheard')).toBe(0);
    expect((await set('AccessLog', 'LOUD')).status).toBe(400);
  });
});
