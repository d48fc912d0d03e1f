import { seal, usingTinyServices } from '../running/tiny-service.fixture.js';

const start = usingTinyServices();
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const read = async (url: string) => {
  const answer = await get(url);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('monitoring of a service', () => {
  const broken = async (): Promise<never> => {
    throw new Error('mysql://root:hunter2@db is gone');
  };

  it('tells on every port that it is alive and ready', async () => {
    const service = await start({ check: async () => {} });
    for (const url of [service.http, service.management]) {
      expect(await read(`${url}/health`)).toEqual({ status: 200, body: { status: 'UP' } });
      expect(await read(`${url}/ready`)).toEqual({
        status: 200,
        body: { status: 'UP', components: { store: { status: 'UP' } } },
      });
    }
  });

  it('stays alive, but is not ready while something that it needs is down, and does not say why in public', async () => {
    const service = await start({ check: broken, settings: { managementToken: 'operator' } });
    expect((await read(`${service.http}/health`)).status).toBe(200);
    expect(await read(`${service.http}/ready`)).toEqual({
      status: 503,
      body: { status: 'DOWN', components: { store: { status: 'DOWN' } } },
    });
    const told = await get(`${service.management}/actuator/health`, { authorization: 'Bearer operator' });
    expect(await told.json()).toMatchObject({
      status: 'DOWN',
      components: { store: { status: 'DOWN', details: { message: expect.stringContaining('is gone') } } },
    });
  });

  it('has an actuator on the management port, and nowhere else', async () => {
    const service = await start();
    const actuator = `${service.management}/actuator`;
    expect((await get(`${service.http}/actuator/info`)).status).toBe(404);
    expect((await get(`${service.http}/actuator/prometheus`)).status).toBe(404);

    const index = await read(actuator);
    expect(index.body).toMatchObject({
      _links: { self: { href: actuator, templated: false }, health: { href: `${actuator}/health` } },
    });
    expect(await read(`${actuator}/health/liveness`)).toEqual({ status: 200, body: { status: 'UP' } });
    expect((await read(`${actuator}/health/readiness`)).body).toMatchObject({ status: 'UP' });
    expect((await read(`${actuator}/info`)).body).toMatchObject({
      app: { name: 'project-service', version: expect.stringMatching(/^\d/) },
    });
    expect((await read(`${actuator}/nothing`)).body).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  });

  it('measures requests by route', async () => {
    const service = await start();
    await get(`${service.http}/notes`, seal('GET', '/notes'));
    await get(`${service.http}/notes`);

    const metrics = `${service.management}/actuator/metrics`;
    const names = (await read(metrics)).body['names'];
    expect(names).toEqual(expect.arrayContaining(['http_server_requests_seconds', 'process_cpu_seconds_total']));

    expect((await read(`${metrics}/http.server.requests`)).body).toMatchObject({
      name: 'http.server.requests',
      baseUnit: 'seconds',
      measurements: [{ statistic: 'COUNT', value: 2 }, { statistic: 'TOTAL_TIME' }],
      availableTags: expect.arrayContaining([{ tag: 'status', values: ['200', '401'] }]),
    });
    expect((await read(`${metrics}/http.server.requests?tag=status:401`)).body).toMatchObject({
      measurements: [{ statistic: 'COUNT', value: 1 }, {}],
    });
    expect((await read(`${metrics}/http.server.requests?tag=status:418`)).status).toBe(404);
    expect((await read(`${metrics}/http.server.requests?tag=status`)).status).toBe(400);
    expect((await read(`${metrics}/nothing`)).status).toBe(404);

    const prometheus = await get(`${service.management}/actuator/prometheus`);
    expect(prometheus.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await prometheus.text()).toMatch(/http_server_requests_seconds_count\{.*route="\/notes".*\} 1/);
  });
});
