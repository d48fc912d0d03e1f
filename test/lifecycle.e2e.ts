import { jest } from '@jest/globals';

import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(60_000);

describe('npm start', () => {
  let stack: EmbeddedStack;
  let client: Client;

  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    client = new Client(stack.gateways[0] as string);
  });
  afterAll(async () => {
    await client.close();
    await stack.dispose();
  });

  it('is ready within ten seconds, stops within five, and finds its data at the next start', async () => {
    const startedAt = performance.now();
    await stack.start();
    expect(performance.now() - startedAt).toBeLessThan(10_000);

    const alice = await aPerson(client);
    const project = expectStatus(await client.post('/projects', { token: alice.token, body: { name: 'kept' } }), 201);

    const { tookMs, codes } = await stack.stop('SIGINT');
    expect(codes).toEqual([0]);
    expect(tookMs).toBeLessThan(5_000);

    await stack.start();
    // The token of yesterday is still good: the signing key was kept, and the session lives.
    const read = await client.get(`/projects/${project.body.id}`, { token: alice.token });
    expect(read).toMatchObject({ status: 200, body: project.body });
    await stack.stop();
  });

  it('says what runs where and what to try next, and never prints a secret that was given to it', async () => {
    await stack.start();
    const said = stack.output();
    for (const word of ['gateway', 'auth-service', 'tenant-service', 'project-service', 'ecs-service', 'curl']) {
      expect(said).toContain(word);
    }
    expect(said).not.toContain(stack.adminPassword);
    expect(said).not.toContain(stack.sealKey.toString('base64url'));
    await stack.stop('SIGTERM');
  });

  it('lets a running request finish before it stops', async () => {
    await stack.start();
    const alice = await aPerson(client);
    const calls = Array.from({ length: 40 }, (_, n) =>
      client.post('/projects', { token: alice.token, body: { name: `last-${n}` } }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await Promise.race(calls);
    await stack.stop('SIGTERM');
    const statuses = await Promise.all(calls);
    await stack.start();
    const listed = await client.get('/projects?pageSize=100', { token: alice.token });
    const acknowledged = statuses.filter((status) => status === 201).length;
    expect(acknowledged).toBeGreaterThan(0);
    expect(listed.body.items.length).toBeGreaterThanOrEqual(acknowledged);
    await stack.stop();
  });
});
