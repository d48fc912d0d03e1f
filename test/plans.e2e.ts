import { jest } from '@jest/globals';

import { type GrpcClients, PlanServiceService } from '@libs/grpc';

import { type Answer, Client } from './support/client.js';
import { aPerson, type Person } from './support/flow.js';
import { callInternally } from './support/internal.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(120_000);

describe('the plan of a tenant', () => {
  let stack: DistributedStack;
  let clients: Client[];
  let first: Client;
  let internal: GrpcClients;
  let closeInternal: () => Promise<void>;

  beforeAll(async () => {
    stack = await DistributedStack.create(2);
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    first = clients[0] as Client;
    ({ clients: internal, close: closeInternal } = await callInternally(stack));
  });
  afterAll(async () => {
    await closeInternal?.();
    await Promise.all(clients?.map((one) => one.close()) ?? []);
    await stack?.dispose();
  });

  const plans = () => internal.to('tenant-service', PlanServiceService);
  const setPlan = (key: string, limits: object) =>
    plans().setPlan({ plan: { key, name: key, etag: '', ...limits } }, { as: 'service' });
  const give = ({ tenantId }: Person, key: string) => plans().setTenantPlan({ tenantId, key }, { as: 'service' });

  /** The quota that a gateway tells for the tenant. */
  const quotaAt = async (client: Client, { token }: Person): Promise<number> => {
    const { headers } = await client.get('/projects', { token });
    return Number(/"by-tenant";q=(\d+)/.exec(String(headers['ratelimit-policy']))?.[1]);
  };

  async function untilEverywhere(person: Person, quota: number): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      const seen = await Promise.all(clients.map((client) => quotaAt(client, person)));
      const tookMs = performance.now() - startedAt;
      if (seen.every((one) => one === quota)) return tookMs;
      if (tookMs > 2_000)
        throw new Error(`after ${Math.round(tookMs)} ms the gateways still tell ${seen.join(' and ')}`);
    }
  }

  it('is in force at both gateways within two seconds of a change of the plan, and of the tenant', async () => {
    const alice = await aPerson(first);
    await setPlan('slow', { requests: { quota: 500, windowSeconds: 60 } });
    await Promise.all(clients.map((client) => quotaAt(client, alice)));
    await give(alice, 'slow');
    await untilEverywhere(alice, 500);
    await setPlan('slow', { requests: { quota: 400, windowSeconds: 60 } });
    await untilEverywhere(alice, 400);
    await give(alice, '');
    await untilEverywhere(alice, 12_000);
  });

  it('limits what all gateways let through together, and nobody else', async () => {
    const [alice, bob] = [await aPerson(first), await aPerson(first, 'bob')];
    await setPlan('twenty', { requests: { quota: 20, windowSeconds: 60 } });
    await give(alice, 'twenty');
    await untilEverywhere(alice, 20);
    const ask = (person: Person) =>
      Promise.all(
        Array.from({ length: 60 }, (_, n) => (clients[n % 2] as Client).get('/projects', { token: person.token })),
      );
    const [mine, theirs] = await Promise.all([ask(alice), ask(bob)]);
    expect(mine.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20);
    expect(mine.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(40);
    expect(theirs.every(({ status }) => status === 200)).toBe(true);
  });

  it('has room for so many projects and instances, however many are made at once', async () => {
    const alice = await aPerson(first);
    const { token } = alice;
    await setPlan('small', { maxProjects: 7, maxInstances: 5 });
    await give(alice, 'small');
    await untilRefused(() => first.post('/projects', { token, body: { name: `probe ${Math.random()}` } }));

    const projects = await first.get('/projects?pageSize=100', { token });
    for (const { id } of projects.body.items.slice(1)) await first.delete(`/projects/${id}`, { token });
    const left = (await first.get('/projects?pageSize=100', { token })).body.items[0].id as string;

    const made = await atOnce((client, n) => client.post('/projects', { token, body: { name: `at once ${n}` } }));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(6);
    const instances = await atOnce((client, n) =>
      client.post('/ecs/instances', { token, body: { projectId: left, name: `at once ${n}` } }),
    );
    expect(instances.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const { status, body: refusal } of [...made, ...instances]) {
      if (status !== 201)
        expect({ status, code: refusal.code }).toEqual({ status: 403, code: 'TENANT_QUOTA_EXCEEDED' });
    }
  });

  const atOnce = (ask: (client: Client, n: number) => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: 50 }, (_, n) => ask(clients[n % 2] as Client, n)));

  /** A plan is known to the services a moment after it was given. */
  async function untilRefused(ask: () => Promise<Answer>): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await ask()).status === 403) return;
    }
    throw new Error('nothing is refused');
  }
});
