import { until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { logIn, newNames } from './person.fixture.js';

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());
beforeEach(() => {
  stack.tenants.fault = 'none';
});

describe('registration', () => {
  it('opens an account that one can log in to at once', async () => {
    const names = newNames();
    const answer = await stack.post('/auth/register', { ...names, displayName: 'Alice', tenantName: 'Acme' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        user: { username: names.username, email: names.email, displayName: 'Alice', status: 'active' },
        tenant: { name: 'Acme', status: 'active' },
      },
    });
    expect(answer.headers.get('location')).toBe('/users/me');
    expect(JSON.stringify(answer.body)).not.toContain('assword');
    await expect(logIn(stack, names)).resolves.toMatchObject({ identity: { userId: answer.body.user.id } });
  });

  it('refuses a taken user name and names the field', async () => {
    const [first, second] = [newNames(), newNames()];
    await stack.post('/auth/register', first);
    const answer = await stack.post('/auth/register', { ...second, username: first.username.toUpperCase() });
    const errors = [{ field: 'username' }];
    expect(answer).toMatchObject({ status: 409, body: { code: 'RESOURCE_NAME_TAKEN', errors } });
  });

  it('tells nobody whether somebody has an e-mail address, confirmed or not, but its reader', async () => {
    const [first, confirmed] = [newNames(), newNames()];
    for (const names of [first, confirmed]) await stack.post('/auth/register', names);
    await stack.post('/auth/email:verify', { token: await stack.mailbox.token(confirmed.email, /Confirm/) });

    const shapes = [];
    for (const email of [newNames().email, first.email, confirmed.email]) {
      const { status, body } = await stack.post('/auth/register', { ...newNames(), email });
      shapes.push({
        status,
        user: Object.keys(body.user),
        verified: body.user.emailVerified,
        email: body.user.email === email,
      });
    }
    expect(shapes[0]).toMatchObject({ status: 201, verified: false, email: true });
    expect(shapes.slice(1)).toEqual([shapes[0], shapes[0]]);

    const { text } = await stack.mailbox.latest(confirmed.email, /an account already/);
    expect(text).not.toMatch(/gtm_/);
    expect((await stack.post('/auth/login', { login: confirmed.email, password: confirmed.password })).status).toBe(
      200,
    );
  });

  it('fills nobody’s mailbox, however many accounts are made with an address', async () => {
    const { email } = newNames();
    for (let times = 0; times < 7; times += 1) {
      expect((await stack.post('/auth/register', { ...newNames(), email })).status).toBe(201);
    }
    // Letters are sent in their order: once this one is there, so are all before.
    const last = newNames();
    await stack.post('/auth/register', last);
    await stack.mailbox.latest(last.email, /Confirm/);
    expect(stack.mailbox.to(email)).toHaveLength(5);
  });

  it('refuses the same registration once it was answered', async () => {
    const names = newNames();
    expect((await stack.post('/auth/register', names)).status).toBe(201);
    expect((await stack.post('/auth/register', names)).status).toBe(409);
  });

  it('refuses the name of the administrator', async () => {
    expect((await stack.post('/auth/register', { ...newNames(), username: 'Admin' })).status).toBe(409);
  });

  it('gives one of many parallel requests the name', async () => {
    const names = newNames();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.post('/auth/register', names)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(19).fill(409)]);
    await expect(logIn(stack, names)).resolves.toBeDefined();
  }, 20_000);

  it('answers a repeated Idempotency-Key with the first answer', async () => {
    const call = { body: newNames(), headers: { 'idempotency-key': 'register-once' } };
    const first = await stack.call('POST', '/auth/register', call);
    const second = await stack.call('POST', '/auth/register', call);
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
  });
});

describe.each(['before it is applied', 'after it is applied'] as const)('a call to tenant-service lost %s', (fault) => {
  it('leaves what the same request finishes', async () => {
    const names = newNames();
    stack.tenants.fault = fault;
    const failed = await stack.post('/auth/register', names);
    expect(failed).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    expect(failed.headers.get('retry-after')).toBe('1');
    expect((await stack.post('/auth/login', { login: names.username, password: names.password })).status).toBe(401);

    stack.tenants.fault = 'none';
    expect((await stack.post('/auth/register', names)).status).toBe(201);
    await expect(logIn(stack, names)).resolves.toBeDefined();
    expect([...stack.tenants.users.values()].filter(({ username }) => username === names.username)).toHaveLength(1);
    expect((await stack.post('/auth/register', names)).status).toBe(409);
  });

  it('is finished after a restart without anybody asking, and told to whoever asks again', async () => {
    const names = newNames();
    stack.tenants.fault = fault;
    expect((await stack.post('/auth/register', names)).status).toBe(503);
    stack.tenants.fault = 'none';
    await stack.restart();
    const calls = stack.tenants.openAccountCalls;
    stack.clock.advance(6_000);
    await until(
      () => stack.tenants.openAccountCalls,
      (now) => now > calls,
    );
    await until(
      () => stack.post('/auth/login', { login: names.email, password: names.password }),
      ({ status }) => status === 200,
    );

    expect((await stack.post('/auth/register', { ...names, password: 'another one' })).status).toBe(409);
    const told = await stack.post('/auth/register', names);
    expect(told).toMatchObject({ status: 201, body: { user: { username: names.username } } });
    expect((await stack.post('/auth/register', names)).status).toBe(409);
  }, 20_000);

  it('does not give the name to somebody with another password', async () => {
    const names = newNames();
    stack.tenants.fault = fault;
    await stack.post('/auth/register', names);
    stack.tenants.fault = 'none';
    const other = await stack.post('/auth/register', { ...names, password: 'of somebody else' });
    expect(other).toMatchObject({ status: 409, body: { errors: [{ field: 'username' }] } });
    const otherName = await stack.post('/auth/register', { ...newNames(), email: names.email });
    expect(otherName.status).toBe(201);
    expect((await stack.post('/auth/register', names)).status).toBe(201);
  });
});
