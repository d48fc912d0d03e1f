import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';

import { Client } from './support/client.js';
import { aPerson } from './support/flow.js';
import { DistributedStack, EmbeddedStack, type Stack } from './support/stack.js';

jest.setTimeout(300_000);

const projectCount = 1000;
const clientCount = 16;

describe.each([
  {
    title: 'embedded',
    create: async (): Promise<{ stack: Stack; crash: () => Promise<void> }> => {
      const stack = await EmbeddedStack.create();
      return { stack, crash: () => stack.kill() };
    },
  },
  {
    title: 'distributed, MariaDB and Redis killed with the rest',
    create: async (): Promise<{ stack: Stack; crash: () => Promise<void> }> => {
      const stack = await DistributedStack.create();
      return {
        stack,
        crash: async () => {
          await Promise.all([stack.kill(), stack.mariaDb.kill(), stack.redis.kill()]);
          await Promise.all([stack.mariaDb.restart(), stack.redis.restart()]);
        },
      };
    },
  },
])('kill -9 of every process during 1,000 project creations: $title', ({ create }) => {
  let stack: Stack;
  let crash: () => Promise<void>;

  beforeAll(async () => {
    ({ stack, crash } = await create());
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  it('keeps each acknowledged project, once', async () => {
    let client = new Client(stack.gateways[0] as string);
    const alice = await aPerson(client);
    let token = alice.token;
    const acknowledged = new Set<string>();
    const waiting = Array.from({ length: projectCount }, (_, n) => ({ name: `project-${n}`, key: randomUUID() }));
    const crashesAt = [150, 400, 750];
    let up = true;

    // Whoever gets no answer asks again with the same key, as a careful client does.
    const worker = async (): Promise<void> => {
      for (;;) {
        const next = waiting.shift();
        if (next === undefined) return;
        while (!up) await new Promise((resolve) => setTimeout(resolve, 20));
        const answer = await client
          .post('/projects', { token, headers: { 'idempotency-key': next.key }, body: { name: next.name } })
          .catch(() => undefined);
        if (answer?.status === 201) acknowledged.add(`${next.name} ${answer.body.id}`);
        else {
          waiting.push(next);
          if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
            throw new Error(`unexpected ${answer.status} ${JSON.stringify(answer.body)}`);
          }
          if (answer?.status === 429) await new Promise((resolve) => setTimeout(resolve, 250));
        }
      }
    };

    const chaos = async (): Promise<void> => {
      for (const count of crashesAt) {
        while (acknowledged.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
        up = false;
        await crash();
        await client.close();
        await stack.start();
        client = new Client(stack.gateways[0] as string);
        up = true;
      }
    };
    await Promise.all([chaos(), ...Array.from({ length: clientCount }, worker)]);

    const login = await client.post('/auth/login', { body: { login: alice.username, password: alice.password } });
    token = login.body.accessToken;
    const found: string[] = [];
    let pageToken = '';
    do {
      const page = await client.get(`/projects?pageSize=100&pageToken=${encodeURIComponent(pageToken)}`, { token });
      found.push(...page.body.items.map(({ name, id }: { name: string; id: string }) => `${name} ${id}`));
      pageToken = page.body.nextPageToken;
    } while (pageToken !== '');

    expect(acknowledged.size).toBe(projectCount);
    expect(found.toSorted()).toEqual([...acknowledged].toSorted());
    await client.close();
  });
});
