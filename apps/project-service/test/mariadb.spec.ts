import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { bob, mallory } from './people.fixture.js';
import { type ProjectServiceUnderTest, projectServiceUnderTest } from './project-service-under-test.fixture.js';

const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

describeWith(['mariadbd', 'mariadb-install-db'], 'two processes of project-service on one MariaDB', () => {
  let server: TestServer;
  let processes: ProjectServiceUnderTest[];

  beforeAll(async () => {
    server = await startMariaDb();
    processes = await atOnce(2, () => projectServiceUnderTest({ DATABASE_URL: server.url }));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((service) => service.stop()));
    await server.stop();
  });

  const call = (index: number, ...request: Parameters<ProjectServiceUnderTest['call']>) => {
    const service = processes[index % processes.length];
    if (service === undefined) throw new Error('no process is running');
    return service.call(...request);
  };

  it('give a name to one project only', async () => {
    const answers = await atOnce(20, (index) => call(index, 'POST /projects', { as: bob, body: { name: 'Apollo' } }));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(19).fill(409)]);
    expect((await call(0, 'POST /projects', { as: mallory, body: { name: 'Apollo' } })).status).toBe(201);
  });

  it('tell names apart that MySQL by itself holds for equal', async () => {
    const bodies = [{ name: 'resume' }, { name: 'résumé' }, { name: 'smile 😀' }, { name: 'smile 😃' }];
    for (const body of bodies) expect((await call(0, 'POST /projects', { as: bob, body })).status).toBe(201);
    expect((await call(1, 'POST /projects', { as: bob, body: { name: 'RÉSUMÉ' } })).status).toBe(409);
  });

  it('write one change to a version and lose none that expects no version', async () => {
    const { id } = (await call(0, 'POST /projects', { as: bob, body: { name: 'Contended' } })).body;
    const change = (index: number, headers: Record<string, string>) =>
      call(index, `PATCH /projects/${id}`, { as: bob, body: { description: `change ${index}` }, headers });

    const guarded = await atOnce(20, (index) => change(index, { 'if-match': '"1"' }));
    expect(guarded.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(412)]);
    const free = await atOnce(20, (index) => change(index, {}));
    expect(free.every(({ status }) => status === 200)).toBe(true);
    expect((await call(1, `GET /projects/${id}`, { as: bob })).headers.get('etag')).toBe('"22"');
  });

  it('create once what both are sent with one Idempotency-Key', async () => {
    const request = { as: bob, body: { name: 'Once' }, headers: { 'idempotency-key': 'key-1' } };
    const answers = await atOnce(10, (index) => call(index, 'POST /projects', request));
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const found = await call(0, 'GET /projects?filter=name%20%3D%20%22Once%22', { as: bob });
    expect(found.body.items).toHaveLength(1);
  });
});
