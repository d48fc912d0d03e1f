import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';

import { anIdentity, sealedFetch, until } from '@libs/testing';

import { DistributedStack, EmbeddedStack } from './support/stack.js';

jest.setTimeout(300_000);

const count = 5_000;
const operator = anIdentity({ userId: randomUUID(), tenantId: randomUUID(), roles: ['platform-admin'] });
const table = ['username,email', ...Array.from({ length: count }, (_, n) => `row-${n},row-${n}@example.com`)].join(
  '\n',
);

describe.each([
  { title: 'embedded', create: () => EmbeddedStack.create() },
  { title: 'distributed', create: () => DistributedStack.create(1) },
])(`kill -9 of every process during an import of ${count} users: $title`, ({ create }) => {
  let stack: EmbeddedStack | DistributedStack;

  beforeAll(async () => {
    stack = await create();
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  const call = (line: string, headers = {}, body?: string) =>
    sealedFetch(
      'tenant-service',
      `http://127.0.0.1:${stack.ports('tenant-service').http}`,
      stack.sealKey,
    )(line, {
      as: operator,
      body,
      headers,
    });
  const usersThere = async (): Promise<string[]> => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const query = new URLSearchParams({
        pageSize: '100',
        pageToken,
        orderBy: 'username',
        filter: 'username : "row-"',
      });
      const { body } = await call(`GET /internal/users?${query}`);
      names.push(...body.items.map(({ username }: { username: string }) => username));
      pageToken = body.nextPageToken;
    } while (pageToken !== '');
    return names;
  };

  it('goes on where it was: nobody is lost or made twice, and the same key is the same import', async () => {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': randomUUID() };
    const accepted = await call('POST /internal/users:import', headers, table);
    expect(accepted).toMatchObject({ status: 202, body: { rows: count } });
    const place = accepted.headers.get('location');
    const done = ({ body }: Awaited<ReturnType<typeof call>>): number => body.created + body.refused;

    for (const at of [count * 0.1, count * 0.5]) {
      const before = await until(
        () => call(`GET ${place}`),
        (answer) => done(answer) >= at,
        120_000,
      );
      expect(before.body.state).toBe('running');
      await stack.kill();
      await stack.start();
      expect(done(await call(`GET ${place}`))).toBeGreaterThanOrEqual(done(before));
    }
    const again = await call('POST /internal/users:import', headers, table);
    expect([again.status, again.body.id, again.headers.get('location')]).toEqual([202, accepted.body.id, place]);

    const last = await until(
      () => call(`GET ${place}`),
      ({ body }) => body.state === 'done',
      120_000,
    );
    expect(last.body).toMatchObject({ created: count, refused: 0, refusedLines: [] });
    const names = await usersThere();
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);
  });
});
