import { CredentialServiceService } from '@libs/grpc';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { ExpiryCleaning } from '../src/expiry/expiry-cleaning.js';
import { ownerEvents } from '../src/security-events/owner-events.js';
import { SecurityEventStore } from '../src/security-events/security-event.store.js';
import { AuthModule } from './auth-module.fixture.js';
import { AuthStack } from './auth-stack.fixture.js';
import { withTotp } from './factors.fixture.js';
import { aConfirmedPerson, aPerson, type Person } from './person.fixture.js';

interface Told {
  readonly event: string;
  readonly subject: string;
  readonly clientAddress: string;
}

function securityEvents(stack: () => AuthStack): void {
  const read = (person: Person, query = '') => stack().call('GET', `/auth/events${query}`, { as: person.identity });
  const told = async (person: Person, query = '?pageSize=100'): Promise<Told[]> =>
    (await read(person, query)).body.items as Told[];
  const untilTold = (person: Person, event: string) =>
    until(
      () => eventsOf(person),
      (events) => events.includes(event),
    );
  const eventsOf = async (person: Person) => (await told(person)).map(({ event }) => event);

  it('tell the owner what happened, the latest first, from where and to what', async () => {
    const alice = await withTotp(stack(), await aConfirmedPerson(stack()));
    const headers = { 'x-forwarded-for': '192.0.2.77' };
    await stack().call('POST', '/auth/login', { body: { login: alice.email, password: 'wrong password' }, headers });
    await untilTold(alice, 'login.failed');
    const made = await stack().post('/auth/api-keys', { name: 'robot' }, alice.identity);
    const events = await told(alice);
    expect(events.map(({ event }) => event)).toEqual([
      'api-key.created',
      'login.failed',
      'totp.added',
      'email.verified',
      'login.succeeded',
      'account.registered',
    ]);
    expect(events[0]?.subject).toBe(made.body.id);
    expect(events[1]).toMatchObject({ event: 'login.failed', clientAddress: '192.0.2.77' });
    expect(events[4]?.subject).toBe(alice.identity.sessionId);
  });

  it('come in pages and by filter, as all lists do', async () => {
    const alice = await aPerson(stack());
    const login = { login: alice.username, password: alice.password };
    for (let times = 0; times < 3; times += 1) await stack().post('/auth/login', login);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const { body } = await read(alice, `?pageSize=2${pageToken === '' ? '' : `&pageToken=${pageToken}`}`);
      seen.push(...(body.items as Told[]).map(({ event }) => event));
      pageToken = encodeURIComponent(body.nextPageToken as string);
    } while (pageToken !== '');
    expect(seen).toEqual(await eventsOf(alice));
    expect(seen.filter((event) => event === 'login.succeeded')).toHaveLength(4);
    const filtered = await told(alice, `?filter=${encodeURIComponent('event = "account.registered"')}`);
    expect(filtered).toHaveLength(1);
    expect((await read(alice, `?filter=${encodeURIComponent('event = "password.rehashed"')}`)).status).toBe(400);
  });

  it('are for the owner alone, in a session, and hide from where an operator called', async () => {
    const [alice, bob] = [await aPerson(stack()), await aPerson(stack())];
    await stack()
      .to(CredentialServiceService)
      .setPassword({ userId: alice.userId, password: 'a stable of horses' }, { as: 'service' });
    const events = await told(alice);
    expect(events).toContainEqual(expect.objectContaining({ event: 'password.set', clientAddress: '' }));
    expect(events).toContainEqual(expect.objectContaining({ event: 'session.ended', clientAddress: '' }));
    expect(await eventsOf(bob)).not.toContain('password.set');
    const apiKey = { ...alice.identity, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'some-key' };
    expect((await stack().call('GET', '/auth/events', { as: apiKey })).status).toBe(403);
    expect((await stack().call('GET', '/auth/events')).status).toBe(401);
  });

  it('tell of what was refused although its transaction was undone', async () => {
    const alice = await aPerson(stack());
    const headers = { 'idempotency-key': 'wrong-proof' };
    const wrong = { as: alice.identity, body: { password: 'wrong password' }, headers };
    expect((await stack().call('POST', '/auth/step-up', wrong)).status).toBe(401);
    await untilTold(alice, 'step-up.failed');
  });
}

describe('security events, on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  securityEvents(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'security events, on MariaDB', () => {
  let server: TestServer;
  let stack: AuthStack;
  beforeAll(async () => {
    server = await startMariaDb();
    stack = await AuthStack.start({ DATABASE_URL: server.url });
  }, 60_000);
  afterAll(async () => {
    await stack.stop();
    await server.stop();
  });
  securityEvents(() => stack);
});

describe('security events', () => {
  it('are kept for 90 days', async () => {
    const auth = await AuthModule.start();
    try {
      const store = auth.app.get(SecurityEventStore);
      const [event = ''] = ownerEvents;
      await store.add({ userId: 'user-alice', event, subject: '', clientAddress: '', reason: '' });
      auth.clock.advance(91 * 24 * 3_600_000);
      await store.add({ userId: 'user-alice', event, subject: 'later', clientAddress: '', reason: '' });
      await auth.app.get(ExpiryCleaning).clean();
      expect((await store.of('user-alice').getMany()).map(({ subject }) => subject)).toEqual(['later']);
    } finally {
      await auth.stop();
    }
  });
});
