import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from './support/client.js';
import { DescribedApi } from './support/described-api.js';
import { expectStatus, untilStatus } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(120_000);

/** What may be done before: to change it, to see who one is, and to leave. */
const open = new Set(['changePassword', 'getMe', 'logout']);

describe('the password that the first start makes', () => {
  const next = 'a lamp on the northern rock';
  let stack: EmbeddedStack;
  let client: Client;
  let password: string;

  beforeAll(async () => {
    stack = await EmbeddedStack.create({ ADMIN_PASSWORD: '' });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    password = readFileSync(join(stack.dataDir, 'secrets', 'admin-password'), 'utf8').trim();
    await untilStatus(() => logIn(password), 200, 20_000);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  const logIn = (as: string) => client.post('/auth/login', { body: { login: 'admin', password: as } });
  const tokenFor = async (as: string): Promise<string> => expectStatus(await logIn(as), 200).body.accessToken;

  it('logs in, and opens nothing but what is needed to change it', async () => {
    const token = await tokenFor(password);
    expect(expectStatus(await client.get('/auth/me', { token }), 200).body.user.username).toBe('admin');
    const closed = new DescribedApi().calls.filter(({ isClosed, id }) => isClosed && !open.has(id));
    expect(closed.length).toBeGreaterThan(40);
    const entered: string[] = [];
    for (const { method, path, id } of closed) {
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const address = path.replaceAll(/\{\w+\}/g, randomUUID());
      const { status, body } = await client.call(method, address, { token, ...(hasBody ? { body: {} } : {}) });
      if (status !== 403 || body.code !== 'ACCESS_PASSWORD_CHANGE_REQUIRED')
        entered.push(`${id} ${status} ${body.code}`);
    }
    expect(entered).toEqual([]);
    // What operators are let into on the public port.
    const actuator = await client.get('/actuator/metrics', { token });
    expect([actuator.status, actuator.body.code]).toEqual([403, 'ACCESS_PASSWORD_CHANGE_REQUIRED']);
  });

  it('asks for it after a refresh, a restart and another login as well', async () => {
    const { refreshToken } = expectStatus(await logIn(password), 200).body;
    const refreshed = expectStatus(await client.post('/auth/refresh', { body: { refreshToken } }), 200).body;
    await stack.stop();
    await stack.start();
    for (const token of [refreshed.accessToken, await tokenFor(password)]) {
      const { status, body } = await client.get('/projects', { token });
      expect([status, body.code]).toEqual([403, 'ACCESS_PASSWORD_CHANGE_REQUIRED']);
      expect((await client.post('/auth/logout', { token })).status).toBe(204);
    }
  });

  it('is what the page about accounts says of it', () => {
    const page = readFileSync('docs/accounts.md', 'utf8');
    for (const { method, path } of new DescribedApi().calls.filter(({ id }) => open.has(id))) {
      expect(page).toContain(`\`${method} ${path}\``);
    }
    for (const word of ['ACCESS_PASSWORD_CHANGE_REQUIRED', 'ADMIN_PASSWORD_GENERATED']) expect(page).toContain(word);
  });

  it('is over once it is changed, and not asked for again by the next start', async () => {
    const before = await tokenFor(password);
    const body = { currentPassword: password, newPassword: next };
    expectStatus(await client.post('/auth/password', { token: before, body }), 204);
    expect((await logIn(password)).status).toBe(401);
    const enter = async (): Promise<void> => {
      const token = await tokenFor(next);
      for (const path of ['/projects', '/auth/sessions', '/actuator/metrics']) {
        expect([path, (await client.get(path, { token })).status]).toEqual([path, 200]);
      }
    };
    await enter();
    await stack.stop();
    await stack.start();
    await enter();
  });
});

describe('a password that the operator gives', () => {
  it('is the choice of the operator, who is asked for no other', async () => {
    const stack = await EmbeddedStack.create();
    await stack.start();
    const client = new Client(stack.gateways[0] as string);
    try {
      const logIn = () => client.post('/auth/login', { body: { login: 'admin', password: stack.adminPassword } });
      const { answer } = await untilStatus(logIn, 200, 20_000);
      expect((await client.get('/projects', { token: answer.body.accessToken })).status).toBe(200);
    } finally {
      await client.close();
      await stack.dispose();
    }
  });
});
