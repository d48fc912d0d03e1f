import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { GrpcClients } from '@libs/grpc';
import { anIdentity, describeWith, sealedHeaders, until } from '@libs/testing';

import { type Answer, type CallOptions, Client } from './support/client.js';
import { databaseContents } from './support/database-contents.js';
import { aPerson, expectStatus, untilStatus } from './support/flow.js';
import { callInternally } from './support/internal.js';
import { DistributedStack, EmbeddedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';
import { type Caller, disable, type Entry, join, type Standing, standings } from './support/standings.js';
import { type Things, twoTenants, type TwoTenants, withoutTenant } from './support/two-tenants.js';

jest.setTimeout(120_000);

interface Operation {
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly string[];
  readonly isPublic: boolean;
  readonly hasBody: boolean;
}

interface Described {
  readonly security?: readonly object[];
  readonly requestBody?: unknown;
}

const { paths } = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Described>>;
};

const operations: Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { security = [], requestBody }]) => ({
    line: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name)),
    isPublic: security.length === 0,
    hasBody: requestBody !== undefined,
  })),
);
const closed = operations.filter(({ isPublic }) => !isPublic);
const ofThings = closed.filter(({ parameters }) => parameters.length > 0);

/** Open to everybody: each of these is a decision. */
const openToAll = [
  'GET /auth/.well-known/jwks.json',
  'GET /public/services',
  'GET /public/status',
  'POST /auth/email:verify',
  'POST /auth/invitation:accept',
  'POST /auth/login',
  'POST /auth/login:complete',
  'POST /auth/login:passkey',
  'POST /auth/login:passkey-options',
  'POST /auth/password:forgot',
  'POST /auth/password:reset',
  'POST /auth/refresh',
  'POST /auth/register',
];

/** Which thing of Alice's a path names. A new path has no entry, and fails. */
const thingsIn: Record<string, readonly (keyof Things)[]> = {
  '/auth/api-keys/{id}': ['apiKeyId'],
  '/auth/sessions/{id}': ['sessionId'],
  '/auth/passkeys/{id}': ['apiKeyId'],
  '/ecs/instances/{id}': ['instanceId'],
  '/projects/{id}': ['projectId'],
  '/projects/{id}/members': ['projectId'],
  '/projects/{id}/members/{userId}': ['projectId', 'userId'],
  '/tenants/{id}': ['tenantId'],
  '/tenants/{id}/audit': ['tenantId'],
  '/tenants/{id}/audit/export': ['tenantId'],
  '/tenants/{id}/invitations': ['tenantId'],
  '/tenants/{id}/invitations/{invitationId}': ['tenantId', 'invitationId'],
  '/tenants/{id}/mail-invitations': ['tenantId'],
  '/tenants/{id}/mail-invitations/{invitationId}': ['tenantId', 'invitationId'],
  '/tenants/{id}/members': ['tenantId'],
  '/tenants/{id}/members/{userId}': ['tenantId', 'userId'],
  '/tenants/{id}/roles': ['tenantId'],
  '/tenants/{id}/roles/{role}': ['tenantId', 'role'],
  '/users/me/invitations/{id}': ['invitationId'],
};

/** Bodies that would be accepted of whoever may. A new call with a body has no entry, and fails. */
const bodies: Record<string, (things: Things) => object> = {
  'POST /auth/api-keys': () => ({ name: 'x' }),
  'PATCH /auth/api-keys/{id}': () => ({ name: 'taken over' }),
  'POST /auth/api-keys/{id}:rotate': () => ({}),
  'POST /auth/passkeys': () => ({ name: 'x', response: {} }),
  'POST /auth/password': () => ({ currentPassword: 'something', newPassword: 'a horse of another colour' }),
  'POST /auth/step-up': () => ({ password: 'something' }),
  'POST /auth/totp:confirm': () => ({ code: '123456' }),
  'POST /ecs/instances': ({ projectId }) => ({ projectId, name: 'taken over' }),
  'POST /projects': () => ({ name: 'x' }),
  'PATCH /projects/{id}': () => ({ name: 'taken over' }),
  'POST /projects/{id}': () => ({ name: 'taken over' }),
  'PUT /projects/{id}/members/{userId}': () => ({ role: 'viewer' }),
  'POST /tenants': () => ({ name: 'x' }),
  'PATCH /tenants/{id}': () => ({ name: 'taken over' }),
  'POST /tenants/{id}/invitations': () => ({ username: 'mallory', role: 'admin' }),
  'POST /tenants/{id}/mail-invitations': () => ({ email: 'mallory@example.com', role: 'admin' }),
  'PATCH /tenants/{id}/members/{userId}': () => ({ role: 'owner' }),
  'POST /tenants/{id}/roles': () => ({ name: 'thieves', permissions: ['projects:write'] }),
  'PATCH /tenants/{id}/roles/{role}': () => ({ permissions: ['projects:write'] }),
  'POST /users/me/mail-invitations:accept': () => ({ token: 'gti_guessed' }),
  'PATCH /users/me': () => ({ displayName: 'x' }),
};

/**
 * What is a person's own, whichever tenant they work in, or none: each of these is a decision. All other calls belong to a
 * tenant. A new route with `withoutTenant` has no entry, and fails.
 */
const own = [
  'DELETE /auth/passkeys/{id}',
  'DELETE /auth/sessions',
  'DELETE /auth/sessions/{id}',
  'DELETE /auth/totp',
  'DELETE /tenants/{id}/members/{userId}',
  'GET /auth/email',
  'GET /auth/events',
  'GET /auth/me',
  'GET /auth/passkeys',
  'GET /auth/second-factors',
  'GET /auth/sessions',
  'GET /tenants',
  'GET /users/me',
  'GET /users/me/invitations',
  'PATCH /users/me',
  'POST /auth/email:send-verification',
  'POST /auth/logout',
  'POST /auth/passkeys',
  'POST /auth/passkeys:begin',
  'POST /auth/password',
  'POST /auth/recovery-codes',
  'POST /auth/step-up',
  'POST /auth/totp',
  'POST /auth/totp:confirm',
  'POST /tenants',
  'POST /users/me/invitations/{id}:accept',
  'POST /users/me/invitations/{id}:decline',
  'POST /users/me/mail-invitations:accept',
];
/** These change where the caller stands, and so come last. */
const lastOnes = ['POST /tenants', 'DELETE /auth/sessions', 'POST /auth/logout'];
/** At the gateway, before a service is asked. */
const refusedAtTheDoor = new Set([
  'ACCESS_TENANT_DENIED',
  'ACCESS_TENANT_INACTIVE',
  'ACCESS_USER_INACTIVE',
  'ACCESS_DENIED',
  'AUTH_CREDENTIALS_MISSING',
  'AUTH_CREDENTIALS_REJECTED',
]);

/** What every member of a tenant may know about it. */
const openToMembers = new Set([
  'GET /tenants/{id}',
  'GET /tenants/{id}/members',
  'GET /tenants/{id}/members/{userId}',
  'GET /tenants/{id}/roles',
  'GET /tenants/{id}/roles/{role}',
]);

/** What a key may whose scopes are for something else altogether: each of these is a decision. */
const openToAnyKey: Readonly<Record<string, string>> = {
  'GET /dashboard': 'every part that needs a permission is null',
  'GET /tenants': 'the one tenant that the key is for, which is no secret to it',
  'GET /tenants/{id}': 'likewise',
};

/** Which service a call ends at, as the reference of the routes says. */
const serviceOf = new Map(
  [...readFileSync('docs/api/routes.md', 'utf8').matchAll(/^`(\w+ \S+)` \| ([\w-]+) \|/gm)].map(
    ([, line, service]) => [String(line), String(service)] as const,
  ),
);

const nothingOfADashboard = { user: null, projects: null, members: null, instances: null, recent: null };

const withoutCommand = (path: string): string => path.replace(/:[a-z-]+$/, '');

/** The whole matrix, for any way to run the stack. Calls go to its gateways in turn. */
function accessMatrix(
  create: (environment: Record<string, string>) => Promise<DistributedStack | EmbeddedStack>,
): void {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack | EmbeddedStack;
  let clients: Client[];
  let people: TwoTenants;
  let internalClients: GrpcClients;
  let closeInternal: () => Promise<void>;

  beforeAll(async () => {
    stack = await create({ ...configuration.environment });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    const internal = await callInternally(stack);
    closeInternal = internal.close;
    internalClients = internal.clients;
    people = await twoTenants(clients[0] as Client, internal.clients);
  });
  afterAll(async () => {
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await closeInternal?.();
    await stack?.dispose();
    configuration.remove();
  });

  let calls = 0;
  const nextClient = (): Client => clients[calls++ % clients.length] as Client;
  const call = (operation: Operation, values: readonly string[], options: CallOptions): Promise<Answer> => {
    const filled = values.reduce((path, value) => path.replace(/\{\w+\}/, value), operation.path);
    const body = operation.hasBody ? { body: bodies[operation.line]?.(people.things) } : {};
    return nextClient().call(operation.method, filled, { ...options, ...body });
  };
  const existing = (operation: Operation): string[] =>
    (thingsIn[withoutCommand(operation.path)] ?? []).map((name) => people.things[name]);
  /** What is about somebody is called about oneself, too. */
  const existingOrOwn = (operation: Operation): string[][] => {
    const values = existing(operation);
    const own = values.map((value) => (value === people.things.userId ? people.alice.userId : value));
    return own.join() === values.join() ? [values] : [values, own];
  };
  /** As the gateway would pass it on for the key that has no scope for it. */
  const callService = async (operation: Operation, values: readonly string[]): Promise<Answer> => {
    const service = serviceOf.get(operation.line) as Parameters<typeof stack.ports>[0];
    const path = values.reduce((filled, value) => filled.replace(/\{\w+\}/, value), operation.path);
    const { userId, tenantId, username } = people.alice;
    const identity = anIdentity({
      userId,
      tenantId,
      userName: username,
      roles: ['owner'],
      scopes: ['reports:read'],
      sessionId: '',
      authMethod: 'api-key',
      apiKeyId: people.things.apiKeyId,
    });
    const sealed = { audience: service, sealKey: stack.sealKey, method: operation.method, path, identity };
    const client = new Client(`http://127.0.0.1:${stack.ports(service).http}`);
    const body = operation.hasBody ? { body: bodies[operation.line]?.(people.things) } : {};
    const answer = await client.call(operation.method, path, { headers: sealedHeaders(sealed), ...body });
    await client.close();
    return answer;
  };
  /** With one of the ids, or all that follow it too, replaced by one that nobody has. */
  const missing = (operation: Operation, from: number): string[] =>
    existing(operation).map((value, n) => (n < from ? value : value.includes('-') ? randomUUID() : 'no-such-role'));

  /** All that a stranger sees of an answer, without the ids that they have sent themselves. */
  const seen = ({ status, headers, body }: Answer, values: readonly string[]): string => {
    const { requestId: _, ...rest } = (typeof body === 'object' && body !== null ? body : { body }) as Record<
      string,
      unknown
    >;
    const kept = { status, type: headers['content-type'], etag: headers['etag'], rest };
    return values.reduce((text, value) => text.replaceAll(value, '<id>'), JSON.stringify(kept));
  };
  const expectNothingOfAlice = (line: string, { body }: Answer): void => {
    const { tenantId, userId: _, role: __, ...things } = people.things;
    // A problem repeats the path that was asked for.
    const text = JSON.stringify(typeof body === 'object' ? { ...body, instance: '' } : body);
    for (const id of [...Object.values(things), people.alice.userId, tenantId, 'Lighthouse', people.alice.username]) {
      if (text.includes(id)) throw new Error(`${line} tells ${id}: ${text}`);
    }
  };
  const expectRefused = (line: string, { status, body }: Answer): void => {
    if (![401, 403, 404].includes(status)) throw new Error(`${line} answers ${status}: ${JSON.stringify(body)}`);
  };
  const unchanged = async (work: () => Promise<void>): Promise<void> => {
    const before = await databaseContents(stack);
    expect(Object.keys(before).length).toBeGreaterThan(10);
    await work();
    expect(await databaseContents(stack)).toEqual(before);
  };

  it('has an entry for every call', () => {
    expect(
      operations
        .filter(({ isPublic }) => isPublic)
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual(openToAll);
    const unknownPaths = ofThings.filter(
      ({ path, parameters }) => thingsIn[withoutCommand(path)]?.length !== parameters.length,
    );
    expect(unknownPaths.map(({ line }) => line)).toEqual([]);
    const withoutBody = closed.filter(({ hasBody, line }) => hasBody && bodies[line] === undefined);
    expect(withoutBody.map(({ line }) => line)).toEqual([]);
    const lines = new Set(operations.map(({ line }) => line));
    expect(
      [...Object.keys(bodies), ...openToMembers, ...Object.keys(openToAnyKey)].filter((line) => !lines.has(line)),
    ).toEqual([]);
  });

  it('would notice a change', async () => {
    const before = await databaseContents(stack);
    const body = { description: 'on the rock' };
    const changed = await nextClient().patch(`/projects/${people.things.projectId}`, {
      token: people.alice.token,
      body,
    });
    expect(changed.status).toBe(200);
    expect(await databaseContents(stack)).not.toEqual(before);
  });

  describe.each(
    standings.map((standing) => ({
      ...standing,
      who: `account ${standing.account}, membership ${standing.membership}, tenant ${standing.tenant}, session ${standing.session}`,
    })),
  )('for $who', (standing: Standing) => {
    let caller: Caller;
    beforeAll(async () => {
      caller = await standing.make(clients[0] as Client, internalClients);
    });

    const isOwn = ({ line }: Operation): boolean => own.includes(line);
    const refusedWith = async ({ status, code }: Exclude<Entry, 'enters'>, refused: readonly Operation[]) => {
      await unchanged(async () => {
        for (const operation of refused) {
          for (const values of [existing(operation), missing(operation, 0)]) {
            const answer = await call(operation, values, caller);
            expect({ line: operation.line, status: answer.status, code: answer.body?.code }).toEqual({
              line: operation.line,
              status,
              code,
            });
            expectNothingOfAlice(operation.line, answer);
          }
        }
      });
    };

    it('what belongs to a tenant is as the table of standings says, alike for what exists and what does not', async () => {
      const { ofTenant } = standing;
      const ofTenants = closed.filter((operation) => !isOwn(operation));
      if (ofTenant !== 'enters') return refusedWith(ofTenant, ofTenants);
      for (const operation of ofTenants.filter(({ parameters, method }) => parameters.length === 0 && method === 'GET'))
        expectStatus(await call(operation, [], caller), 200);
    });

    it('what is their own is as the table of standings says', async () => {
      const ownOnes = closed.filter(isOwn);
      if (standing.own !== 'enters') return refusedWith(standing.own, ownOnes);
      const atLast = (operation: Operation): number => lastOnes.indexOf(operation.line);
      for (const operation of ownOnes.toSorted((one, other) => atLast(one) - atLast(other))) {
        const answer = await call(operation, missing(operation, 0), caller);
        const { code } = answer.body as { code?: string };
        // Whose tenant a path names is told by the service.
        const isTold = operation.path.startsWith('/tenants/{id}') && code === 'ACCESS_TENANT_DENIED';
        const isRefused = answer.status >= 500 || (!isTold && refusedAtTheDoor.has(code ?? ''));
        expect({ line: operation.line, code, isRefused }).toEqual({ line: operation.line, code, isRefused: false });
        if (operation.line !== 'POST /tenants') continue;
        const tenant = expectStatus(answer, 201).body.id as string;
        const works = () => nextClient().get('/projects', { ...caller, tenant });
        await untilStatus(works, 200, 5_000);
      }
      await untilStatus(() => nextClient().get('/auth/me', caller), 401, 5_000);
    });
  });

  it('somebody without a tenant logs in, refreshes and is told so, and works in the first one that they make', async () => {
    const { username: login, password } = await withoutTenant(clients[0] as Client, internalClients);
    const first = expectStatus(await nextClient().post('/auth/login', { body: { login, password } }), 200).body;
    expect(first.tenant).toBeNull();
    const { refreshToken } = first;
    const next = expectStatus(await nextClient().post('/auth/refresh', { body: { refreshToken } }), 200).body;
    expect(next.tenant).toBeNull();
    const token = next.accessToken as string;
    const me = expectStatus(await nextClient().get('/auth/me', { token }), 200).body;
    expect(me).toMatchObject({ user: { username: login }, tenant: null, roles: [], session: { tenantId: null } });
    expect((await nextClient().get('/tenants', { token })).body).toEqual({ items: [], nextPageToken: '' });

    const headers = { 'idempotency-key': randomUUID() };
    const make = () => nextClient().post('/tenants', { token, headers, body: { name: 'First' } });
    const made = [expectStatus(await make(), 201).body, expectStatus(await make(), 201).body];
    expect(made[1]).toEqual(made[0]);
    await untilStatus(() => nextClient().get('/projects', { token }), 200, 5_000);
    const audited = async (): Promise<string[]> => {
      const { body } = await nextClient().get(`/tenants/${made[0].id}/audit`, { token });
      return (body.items as { action: string }[]).map(({ action }) => action).toSorted();
    };
    expect(await until(audited, ({ length }) => length > 1)).toEqual(['member.added', 'tenant.created']);
  });

  it('a member of a disabled tenant sees that it is, and leaves it', async () => {
    const first = clients[0] as Client;
    const owner = await aPerson(first, 'lea');
    const { username, userId, login } = await withoutTenant(first, internalClients);
    await join(first, owner, { username, token: await login() });
    const token = await login();
    await disable(internalClients, owner.tenantId);
    await untilStatus(() => nextClient().get('/projects', { token }), 403, 5_000);
    const { body } = expectStatus(await nextClient().get('/tenants', { token }), 200);
    expect(body.items).toMatchObject([{ id: owner.tenantId, status: 'disabled' }]);
    const others = `/tenants/${owner.tenantId}/members/${owner.userId}`;
    expectStatus(await nextClient().delete(others, { token }), 403);
    expectStatus(await nextClient().delete(`/tenants/${owner.tenantId}/members/${userId}`, { token }), 204);
    expect((await nextClient().get('/tenants', { token })).body.items).toEqual([]);
  });

  describe.each([
    { who: 'the owner of another tenant', options: (): CallOptions => ({ token: people.mallory.token }) },
    { who: 'somebody without a tenant', options: (): CallOptions => ({ token: people.withoutTenant.token }) },
  ])('for $who', ({ options }) => {
    it('nothing of the tenant can be read or changed, and what exists looks like what does not', async () => {
      await unchanged(async () => {
        for (const operation of ofThings) {
          const values = existing(operation);
          const found = await call(operation, values, options());
          expectRefused(operation.line, found);
          for (let from = 0; from < values.length; from += 1) {
            const gone = missing(operation, from);
            const notFound = await call(operation, gone, options());
            expect(`${operation.line} ${seen(notFound, gone)}`).toBe(`${operation.line} ${seen(found, values)}`);
          }
        }
      });
    });

    it('no list or page of their own tells of it', async () => {
      for (const operation of closed.filter(({ method, parameters }) => method === 'GET' && parameters.length === 0)) {
        const answer = await call(operation, [], options());
        expect({ line: operation.line, status: answer.status < 500 }).toEqual({ line: operation.line, status: true });
        expectNothingOfAlice(operation.line, answer);
      }
    });
  });

  it('for an API key without the scope: nothing of its owner can be read or changed', async () => {
    const options = { apiKey: people.keyWithoutScope };
    await unchanged(async () => {
      for (const operation of closed.filter(({ line }) => openToAnyKey[line] === undefined)) {
        for (const values of existingOrOwn(operation)) {
          const found = await call(operation, values, options);
          expectRefused(operation.line, found);
          expectNothingOfAlice(operation.line, found);
          // The tenant is that of the key, which is no secret to it.
          for (let from = operation.path.startsWith('/tenants/') ? 1 : 0; from < values.length; from += 1) {
            const gone = missing(operation, from);
            const notFound = await call(operation, gone, options);
            expect(`${operation.line} ${seen(notFound, gone)}`).toBe(`${operation.line} ${seen(found, values)}`);
          }
        }
      }
    });
  });

  it('for an API key without the scope that reaches a service around the gateway: the same', async () => {
    await unchanged(async () => {
      for (const operation of closed.filter(({ line }) => openToAnyKey[line] === undefined)) {
        for (const values of existingOrOwn(operation)) {
          const found = await callService(operation, values);
          expectRefused(operation.line, found);
          expectNothingOfAlice(operation.line, found);
        }
      }
    });
  });

  it('of what is open to any API key, it is told no more than the tenant it is for', async () => {
    const { alice } = people;
    // A key that knew of all of its owner's tenants would name this one.
    expectStatus(await nextClient().post('/tenants', { token: alice.token, body: { name: 'Second' } }), 201);
    const mine = { id: alice.tenantId, name: `${alice.username} ltd` };
    for (const ask of [
      (operation: Operation) => call(operation, existing(operation), { apiKey: people.keyWithoutScope }),
      (operation: Operation) => callService(operation, existing(operation)),
    ]) {
      for (const line of Object.keys(openToAnyKey)) {
        const operation = operations.find((each) => each.line === line) as Operation;
        const { body } = expectStatus(await ask(operation), 200);
        expect(JSON.stringify(body)).not.toContain(alice.userId);
        expect(JSON.stringify(body)).not.toContain(alice.email);
        const { user, tenant, projects, members, instances, recent, partial, items } = body;
        if (line === 'GET /tenants') expect(items).toMatchObject([mine]);
        if (line === 'GET /tenants/{id}') expect(body).toMatchObject(mine);
        if (line !== 'GET /dashboard') continue;
        expect({ user, projects, members, instances, recent }).toEqual(nothingOfADashboard);
        expect(tenant).toMatchObject(mine);
        expect(partial).toContain('user');
      }
    }
  });

  it('for a member with too few roles: nothing changes, and what exists looks like what does not', async () => {
    const options = { token: people.bob.token, tenant: people.alice.tenantId };
    await unchanged(async () => {
      for (const operation of ofThings.filter(({ line }) => !openToMembers.has(line))) {
        const values = existing(operation);
        // Of themselves a member may say more than of others.
        const others = values.map((value) => (value === people.bob.userId ? people.alice.userId : value));
        const found = await call(operation, others, options);
        expectRefused(operation.line, found);
        const from = operation.path.startsWith('/tenants/') ? 1 : 0;
        if (from >= values.length) continue;
        const gone = missing(operation, values.length - 1).map((value, n) =>
          n < values.length - 1 ? (others[n] as string) : value,
        );
        const notFound = await call(operation, gone, options);
        expect(`${operation.line} ${seen(notFound, gone)}`).toBe(`${operation.line} ${seen(found, others)}`);
      }
      const made = await nextClient().post('/ecs/instances', {
        ...options,
        body: { projectId: people.things.projectId, name: 'taken over' },
      });
      const nowhere = await nextClient().post('/ecs/instances', {
        ...options,
        body: { projectId: randomUUID(), name: 'x' },
      });
      expect(seen(nowhere, [])).toBe(seen(made, []));
    });
  });
}

describe('what is a person\u2019s own', () => {
  it('is what the routes let them do without a tenant', () => {
    const reference = readFileSync('docs/api/routes.md', 'utf8').matchAll(/^`(.+?)` .*also without a tenant/gm);
    expect([...reference].map(([, line]) => String(line)).toSorted()).toEqual(own);
  });

  it('is told in ARCHITECTURE.md for every standing', () => {
    const written = readFileSync('ARCHITECTURE.md', 'utf8').replaceAll(/ +/g, ' ');
    const told = (entry: Entry): string => (entry === 'enters' ? 'enters' : `${entry.status} \`${entry.code}\``);
    const lines = standings.map(({ account, membership, tenant, session, own: ofOwn, ofTenant }) =>
      ['', account, membership, tenant, session, told(ofOwn), told(ofTenant), ''].join(' | ').trim(),
    );
    const table = written.split('| account | membership |')[1]?.split('\n\n')[0]?.split('\n').slice(2);
    expect(table).toEqual(lines);
  });
});

describe('the access matrix of the external API, everything in one process', () => {
  accessMatrix((environment) => EmbeddedStack.create(environment));
});

describeWith(['mariadbd', 'redis-server'], 'the access matrix of the external API, a process for each service', () => {
  accessMatrix((environment) => DistributedStack.create(2, environment));
});
