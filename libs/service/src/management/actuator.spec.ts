import { seal, usingTinyServices } from '../running/tiny-service.fixture.js';

const start = usingTinyServices();
const token = 'a-token-of-operators';
const operator = { authorization: `Bearer ${token}` };
const springType = 'application/vnd.spring-boot.actuator.v3+json';

async function anActuator(check?: () => Promise<void>) {
  const service = await start({
    ...(check === undefined ? {} : { check }),
    settings: { managementToken: token },
  });
  const actuator = `${service.management}/actuator`;
  const get = async (path = '', headers: Record<string, string> = {}) => {
    const answer = await fetch(`${actuator}${path}`, { headers });
    // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
    return { status: answer.status, type: answer.headers.get('content-type'), body: (await answer.json()) as any };
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${actuator}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { service, actuator, get, post };
}

const works = async (): Promise<void> => {};
const broken = async (): Promise<never> => {
  throw new Error('the disk is full');
};

describe('the actuator, read field by field as Spring Boot documents it', () => {
  it('links to everything', async () => {
    const { actuator, get } = await anActuator();
    const { body, status } = await get();
    expect(status).toBe(200);
    const link = (path: string, templated = false) => ({ href: `${actuator}${path}`, templated });
    expect(body).toEqual({
      _links: {
        self: link(''),
        health: link('/health'),
        'health-path': link('/health/{*path}', true),
        info: link('/info'),
        metrics: link('/metrics'),
        'metrics-requiredMetricName': link('/metrics/{requiredMetricName}', true),
        prometheus: link('/prometheus'),
        loggers: link('/loggers'),
        'loggers-name': link('/loggers/{name}', true),
      },
    });
  });

  it.each(['', '/health', '/info', '/metrics', '/metrics/process.cpu.seconds.total', '/loggers', '/health/liveness'])(
    'answers%s in the media type that is asked for',
    async (path) => {
      const { get } = await anActuator();
      expect((await get(path, { accept: springType })).type).toContain(springType);
      expect((await get(path, { accept: `${springType}, application/json;q=0.9` })).type).toContain(springType);
      expect((await get(path)).type).toBe('application/json; charset=utf-8');
    },
  );

  it('has health with components and groups, and details for operators only', async () => {
    const { get } = await anActuator(works);
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'UP', components: { store: { status: 'UP' } }, groups: ['liveness', 'readiness'] },
    });
    expect((await get('/health')).body.components.store).toEqual({ status: 'UP' });
    expect((await get('/health', { authorization: 'Bearer wrong' })).body.components.store).toEqual({ status: 'UP' });
    expect((await get('/health', operator)).body.components.store).toEqual({
      status: 'UP',
      details: expect.any(Object),
    });
    expect((await get('/health/store', operator)).body).toEqual({ status: 'UP', details: expect.any(Object) });
    expect((await get('/health/nothing')).status).toBe(404);
    expect((await get('/health/constructor')).status).toBe(404);
  });

  it('names what is missing for readiness, and asks nobody for liveness', async () => {
    let looks = 0;
    const { get } = await anActuator(async () => {
      looks++;
      await broken();
    });
    expect(await get('/health/liveness')).toMatchObject({ status: 200, body: { status: 'UP' } });
    expect(looks).toBe(0);
    expect(await get('/health/readiness')).toMatchObject({
      status: 503,
      body: { status: 'DOWN', components: { store: { status: 'DOWN' } } },
    });
    expect(JSON.stringify((await get('/health')).body)).not.toContain('disk');
    expect((await get('/health', operator)).body.components.store.details).toMatchObject({
      message: expect.stringContaining('disk is full'),
    });
    expect((await get('/health/store')).status).toBe(503);
  });

  it('tells who it is', async () => {
    const { get } = await anActuator();
    expect((await get('/info')).body).toEqual({
      app: { name: 'project-service', version: expect.stringMatching(/^\d/) },
      build: {
        group: 'gatehouse',
        artifact: 'project-service',
        name: 'project-service',
        version: expect.stringMatching(/^\d/),
        time: expect.stringMatching(/Z$/),
      },
      runtime: { name: 'node', version: process.versions.node },
      os: { name: expect.any(String), version: expect.any(String), arch: process.arch },
      process: {
        pid: process.pid,
        parentPid: process.ppid,
        owner: expect.stringMatching(/./),
        cpus: expect.any(Number),
        memory: {
          heap: { used: expect.any(Number), committed: expect.any(Number), max: expect.any(Number) },
          nonHeap: { used: expect.any(Number) },
          resident: expect.any(Number),
        },
        startedAt: expect.stringMatching(/Z$/),
        uptimeSeconds: expect.any(Number),
      },
    });
  });

  it('lists metrics, and measures one by its tags', async () => {
    const { service, get } = await anActuator();
    await fetch(`${service.http}/notes`, { headers: seal('GET', '/notes') });
    const { names } = (await get('/metrics')).body;
    expect(names).toEqual(expect.arrayContaining(['http_server_requests_seconds', 'process_uptime_seconds']));
    for (const name of ['process.uptime', 'process.cpu.usage', 'system.cpu.count', 'process.resident.memory']) {
      expect((await get(`/metrics/${name}`)).body.measurements).toEqual([
        { statistic: 'VALUE', value: expect.any(Number) },
      ]);
    }
    expect((await get('/metrics/http.server.requests?tag=status:200&tag=method:GET')).body).toEqual({
      name: 'http.server.requests',
      description: expect.any(String),
      baseUnit: 'seconds',
      measurements: [
        { statistic: 'COUNT', value: 1 },
        { statistic: 'TOTAL_TIME', value: expect.any(Number) },
      ],
      availableTags: expect.arrayContaining([{ tag: 'route', values: ['/notes'] }]),
    });
  });

  it('shows loggers with their levels, and changes one while it runs', async () => {
    const { service, get, post } = await anActuator();
    await fetch(`${service.http}/notes`, { headers: seal('GET', '/notes') });
    expect((await get('/loggers')).body).toMatchObject({
      levels: ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'],
      loggers: {
        ROOT: { configuredLevel: expect.any(String), effectiveLevel: expect.any(String) },
        AccessLog: { configuredLevel: null, effectiveLevel: expect.any(String) },
      },
      groups: { web: { members: expect.arrayContaining(['AccessLog']) } },
    });
    const changed = await post('/loggers/Mine', { configuredLevel: 'DEBUG' }, { 'content-type': springType });
    expect([changed.status, await changed.text()]).toEqual([204, '']);
    expect((await get('/loggers/Mine')).body).toEqual({ configuredLevel: 'DEBUG', effectiveLevel: 'DEBUG' });

    expect((await post('/loggers/Mine', { configuredLevel: null })).status).toBe(204);
    expect((await post('/loggers/ROOT', { configuredLevel: 'OFF' })).status).toBe(204);
    expect((await get('/loggers/AccessLog')).body).toEqual({ configuredLevel: null, effectiveLevel: 'OFF' });
    expect((await post('/loggers/ROOT', {})).status).toBe(204);
  });

  it('changes a group of loggers at once', async () => {
    const { get, post } = await anActuator();
    expect((await get('/loggers/web')).body).toEqual({ members: expect.arrayContaining(['AccessLog', 'Refusal']) });
    expect((await post('/loggers/web', { configuredLevel: 'WARN' })).status).toBe(204);
    expect((await get('/loggers/web')).body).toMatchObject({ configuredLevel: 'WARN' });
    expect((await get('/loggers/Refusal')).body).toEqual({ configuredLevel: 'WARN', effectiveLevel: 'WARN' });
    expect((await post('/loggers/Refusal', { configuredLevel: 'DEBUG' })).status).toBe(204);
    expect((await get('/loggers/web')).body.configuredLevel).toBeUndefined();
    expect((await post('/loggers/web', {})).status).toBe(204);
    expect((await get('/loggers')).body.loggers.AccessLog.configuredLevel).toBeNull();
  });

  it('gives Prometheus the metrics that it asks for by name', async () => {
    const { actuator } = await anActuator();
    const scrape = async (query: string) => (await fetch(`${actuator}/prometheus${query}`)).text();
    const typed = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(typed(await scrape('')).length).toBeGreaterThan(5);
    const asked = '?includedNames=process_uptime_seconds,http_server_requests_seconds';
    expect(typed(await scrape(asked)).toSorted()).toEqual(['http_server_requests_seconds', 'process_uptime_seconds']);
    expect(await scrape('?includedNames=nothing')).toBe('');
  });

  it.each([
    { what: 'a level that there is not', path: '/loggers/Mine', body: { configuredLevel: 'LOUD' }, status: 400 },
    { what: 'a body that is no object', path: '/loggers/Mine', body: ['DEBUG'], status: 400 },
    { what: 'a name that is none', path: '/loggers/a%20b', body: { configuredLevel: 'DEBUG' }, status: 400 },
  ])('refuses $what', async ({ path, body, status }) => {
    const { post } = await anActuator();
    expect((await post(path, body)).status).toBe(status);
  });

  it('takes no change from a web page', async () => {
    const { get, post } = await anActuator();
    const answer = await post('/loggers/Page', { configuredLevel: 'TRACE' }, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect((await get('/loggers/Page')).status).toBe(404);
  });
});
