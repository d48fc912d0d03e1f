import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describeWith } from '@libs/testing';

import { type Answer, type CallOptions, Client } from './support/client.js';
import { databaseContents } from './support/database-contents.js';
import { expectStatus } from './support/flow.js';
import { callInternally } from './support/internal.js';
import { DistributedStack, EmbeddedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';
import { type Things, twoTenants, type TwoTenants } from './support/two-tenants.js';

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

/** What every member of a tenant may know about it. */
const openToMembers = new Set([
  'GET /tenants/{id}',
  'GET /tenants/{id}/members',
  'GET /tenants/{id}/members/{userId}',
  'GET /tenants/{id}/roles',
  'GET /tenants/{id}/roles/{role}',
]);

/** Which person and which tenant it is for, any key may know; of the dashboard, no part that it has no scope for. */
const openToAnyKey = new Set(['GET /dashboard', 'GET /tenants', 'GET /tenants/{id}', 'GET /users/me']);

const withoutCommand = (path: string): string => path.replace(/:[a-z-]+$/, '');

/** The whole matrix, for any way to run the stack. Calls go to its gateways in turn. */
function accessMatrix(
  create: (environment: Record<string, string>) => Promise<DistributedStack | EmbeddedStack>,
): void {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack | EmbeddedStack;
  let clients: Client[];
  let people: TwoTenants;
  let closeInternal: () => Promise<void>;

  beforeAll(async () => {
    stack = await create({ ...configuration.environment });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    const internal = await callInternally(stack);
    closeInternal = internal.close;
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
    expect([...Object.keys(bodies), ...openToMembers, ...openToAnyKey].filter((line) => !lines.has(line))).toEqual([]);
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

  describe.each([
    { who: 'nobody', status: 401, code: 'AUTH_CREDENTIALS_MISSING', options: (): CallOptions => ({}) },
    {
      who: 'somebody whose session has ended',
      status: 401,
      code: 'AUTH_CREDENTIALS_REJECTED',
      options: (): CallOptions => ({ token: people.ended.token }),
    },
    {
      who: 'somebody who is disabled',
      status: 403,
      code: 'ACCESS_USER_INACTIVE',
      options: (): CallOptions => ({ token: people.disabled.token }),
    },
    {
      who: 'somebody whose tenant is disabled',
      status: 403,
      code: 'ACCESS_TENANT_INACTIVE',
      options: (): CallOptions => ({ token: people.ofDisabledTenant.token }),
    },
    {
      who: 'somebody who names a tenant that is not theirs',
      status: 403,
      code: 'ACCESS_TENANT_DENIED',
      options: (): CallOptions => ({ token: people.mallory.token, tenant: people.alice.tenantId }),
    },
    {
      who: 'somebody who names a tenant that does not exist',
      status: 403,
      code: 'ACCESS_TENANT_DENIED',
      options: (): CallOptions => ({ token: people.mallory.token, tenant: randomUUID() }),
    },
  ])('for $who', ({ status, code, options }) => {
    it(`every call is refused with ${code}, alike for what exists and what does not, and nothing changes`, async () => {
      await unchanged(async () => {
        for (const operation of closed) {
          for (const values of [existing(operation), missing(operation, 0)]) {
            const answer = await call(operation, values, options());
            expect({ line: operation.line, status: answer.status, code: answer.body?.code }).toEqual({
              line: operation.line,
              status,
              code,
            });
            expectNothingOfAlice(operation.line, answer);
          }
        }
      });
    });
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
      for (const operation of closed.filter(({ line }) => !openToAnyKey.has(line))) {
        const values = existing(operation);
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
    });
    const { body } = expectStatus(await nextClient().get('/dashboard', options), 200);
    expect(body).toMatchObject({ projects: null, members: null, instances: null, recent: null });
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

describe('the access matrix of the external API, everything in one process', () => {
  accessMatrix((environment) => EmbeddedStack.create(environment));
});

describeWith(['mariadbd', 'redis-server'], 'the access matrix of the external API, a process for each service', () => {
  accessMatrix((environment) => DistributedStack.create(2, environment));
});
