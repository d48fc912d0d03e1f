import { jest } from '@jest/globals';

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client as GrpcClient, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';

import * as contracts from '@libs/grpc';
import type { GrpcClients, GrpcServiceDefinition, PeerName } from '@libs/grpc';
import { Refusal } from '@libs/errors';
import { anIdentity, describeWith } from '@libs/testing';
import { anonymous, deriveSealKey, type Identity, newContext, runInContext, sealIdentity } from '@libs/trusted-headers';

import { Client } from './support/client.js';
import { databaseContents } from './support/database-contents.js';
import { callInternally } from './support/internal.js';
import { DistributedStack, EmbeddedStack } from './support/stack.js';
import { type TwoTenants, twoTenants } from './support/two-tenants.js';

jest.setTimeout(120_000);

type Caller = 'service' | 'operator' | 'user';

/** Who may call what: each line is a decision. A new method has no entry, and fails. */
const mayCall: Record<string, Caller> = {
  'gatehouse.auth.v1.ApiKeyService/RecordApiKeyUses': 'service',
  'gatehouse.auth.v1.ApiKeyService/ResolveApiKey': 'service',
  'gatehouse.auth.v1.CredentialService/ChangeEmail': 'service',
  'gatehouse.auth.v1.CredentialService/DeleteCredentials': 'operator',
  'gatehouse.auth.v1.CredentialService/ImportPasswordHash': 'operator',
  'gatehouse.auth.v1.CredentialService/ProveEmail': 'service',
  'gatehouse.auth.v1.CredentialService/RemoveSecondFactors': 'operator',
  'gatehouse.auth.v1.CredentialService/SendInvitation': 'operator',
  'gatehouse.auth.v1.CredentialService/SendPasswordReset': 'operator',
  'gatehouse.auth.v1.CredentialService/SetPassword': 'operator',
  'gatehouse.auth.v1.SessionService/EndUserSessions': 'operator',
  'gatehouse.auth.v1.SessionService/GetSession': 'service',
  'gatehouse.auth.v1.SigningKeyService/ListSigningKeys': 'operator',
  'gatehouse.auth.v1.SigningKeyService/RotateSigningKeys': 'operator',
  'gatehouse.ecs.v1.InstanceService/CountInstances': 'user',
  'gatehouse.ecs.v1.InstanceService/GetInstance': 'user',
  'gatehouse.project.v1.ProjectEndingService/ListEndings': 'service',
  'gatehouse.project.v1.ProjectService/BatchCheckAccess': 'user',
  'gatehouse.project.v1.ProjectService/CheckAccess': 'user',
  'gatehouse.project.v1.ProjectService/GetProject': 'user',
  'gatehouse.tenant.v1.AccountService/ConfirmEmail': 'service',
  'gatehouse.tenant.v1.AccountService/GetAccount': 'operator',
  'gatehouse.tenant.v1.AccountService/OpenAccount': 'operator',
  'gatehouse.tenant.v1.AccountService/OpenInvitedAccount': 'operator',
  'gatehouse.tenant.v1.AuditService/AppendAuditEvents': 'service',
  'gatehouse.tenant.v1.PlanService/DeletePlan': 'operator',
  'gatehouse.tenant.v1.PlanService/GetPlan': 'operator',
  'gatehouse.tenant.v1.PlanService/GetTenantPlan': 'operator',
  'gatehouse.tenant.v1.PlanService/ListPlans': 'operator',
  'gatehouse.tenant.v1.PlanService/SetPlan': 'operator',
  'gatehouse.tenant.v1.PlanService/SetTenantPlan': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/DeleteConfigKey': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/DeleteTenantConfig': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/GetConfigKey': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/GetTenantConfig': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/GetTenantConfigVersion': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/ListConfigKeys': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/ListTenantConfigVersions': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/ListTenantConfigs': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/SetConfigKey': 'operator',
  'gatehouse.tenant.v1.TenantConfigService/SetTenantConfig': 'operator',
  'gatehouse.tenant.v1.TenantEndingService/ListEndings': 'service',
  'gatehouse.tenant.v1.TenantService/CountMembers': 'operator',
  'gatehouse.tenant.v1.TenantService/DeleteTenant': 'operator',
  'gatehouse.tenant.v1.TenantService/GetTenant': 'operator',
  'gatehouse.tenant.v1.TenantService/SetTenantStatus': 'operator',
  'gatehouse.tenant.v1.UserImportService/GetUserImport': 'operator',
  'gatehouse.tenant.v1.UserImportService/ListUserImports': 'operator',
  'gatehouse.tenant.v1.UserService/ActivateUser': 'operator',
  'gatehouse.tenant.v1.UserService/CreateUser': 'operator',
  'gatehouse.tenant.v1.UserService/DeleteUser': 'operator',
  'gatehouse.tenant.v1.UserService/ExportUsers': 'operator',
  'gatehouse.tenant.v1.UserService/FindUserByLogin': 'operator',
  'gatehouse.tenant.v1.UserService/GetUser': 'operator',
  'gatehouse.tenant.v1.UserService/ImportUsers': 'operator',
  'gatehouse.tenant.v1.UserService/InviteUser': 'operator',
  'gatehouse.tenant.v1.UserService/ListUsers': 'operator',
  'gatehouse.tenant.v1.UserService/LockUser': 'operator',
  'gatehouse.tenant.v1.UserService/PurgeUser': 'operator',
  'gatehouse.tenant.v1.UserService/RestoreUser': 'operator',
  'gatehouse.tenant.v1.UserService/SetUserStatus': 'operator',
  'gatehouse.tenant.v1.UserService/SuspendUser': 'operator',
  'gatehouse.tenant.v1.UserService/UpdateUser': 'operator',
};

interface Method {
  readonly line: string;
  readonly peer: PeerName;
  readonly name: string;
  readonly definition: GrpcServiceDefinition;
}

const peers: Record<string, PeerName> = {
  auth: 'auth-service',
  tenant: 'tenant-service',
  project: 'project-service',
  ecs: 'ecs-service',
};

const isDefinition = (value: unknown): value is GrpcServiceDefinition =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((method) => 'requestSerialize' in Object(method));

const methods: Method[] = (Object.values(contracts) as unknown[]).filter(isDefinition).flatMap((definition) =>
  Object.entries(definition).map(([name, { path }]) => ({
    line: path.slice(1),
    peer: peers[path.split('.')[1] ?? ''] as PeerName,
    name,
    definition,
  })),
);

/** What the protos say, whether or not the contracts export it. */
const declared: string[] = readdirSync('proto', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.proto'))
  .flatMap((file) => {
    const text = readFileSync(join('proto', file), 'utf8');
    const packageName = /^package ([\w.]+);/m.exec(text)?.[1];
    return [...text.matchAll(/^service (\w+) \{(.*?)^\}/gms)].flatMap(([, service, body = '']) =>
      [...body.matchAll(/rpc (\w+)\(/g)].map(([, rpc]) => `${packageName}.${service}/${rpc}`),
    );
  });

/** The whole matrix, for any way to run the stack. */
function grpcAccessMatrix(create: () => Promise<DistributedStack | EmbeddedStack>): void {
  let stack: DistributedStack | EmbeddedStack;
  let client: Client;
  let people: TwoTenants;
  let internal: GrpcClients;
  let closeInternal: () => Promise<void>;
  let alice: Identity;
  let mallory: Identity;

  beforeAll(async () => {
    stack = await create();
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    ({ clients: internal, close: closeInternal } = await callInternally(stack));
    people = await twoTenants(client, internal);
    alice = identityOf(people.alice.userId, people.alice.tenantId, ['owner']);
    mallory = identityOf(people.mallory.userId, people.mallory.tenantId, ['owner']);
  });
  afterAll(async () => {
    await client?.close();
    await closeInternal?.();
    await stack?.dispose();
  });

  const identityOf = (userId: string, tenantId: string, roles: string[]): Identity =>
    anIdentity({ userId, tenantId, roles, sessionId: randomUUID() });

  /** A request in which every id is that of Alice's thing, or of nothing. */
  const requestOf = ({ line, definition, name }: Method, exists: boolean): unknown => {
    const { alice: person, things } = people;
    const idOfThing = line.includes('.ProjectService/')
      ? things.projectId
      : line.includes('.InstanceService/')
        ? things.instanceId
        : line.includes('.TenantService/')
          ? things.tenantId
          : person.userId;
    const named: Record<string, unknown> = {
      id: idOfThing,
      userId: person.userId,
      tenantId: things.tenantId,
      sessionId: things.sessionId,
      projectId: things.projectId,
      projectIds: [things.projectId],
      login: exists ? person.username : 'nobody-at-all',
      username: person.username,
      email: person.email,
      password: 'a horse of another colour',
      key: 'greeting',
      value: '"hello"',
    };
    const request = definition[name]?.requestDeserialize(Buffer.alloc(0)) as Record<string, unknown>;
    for (const [field, value] of Object.entries(named)) {
      if (!(field in request)) continue;
      const isId = /^id$|Ids?$/.test(field);
      request[field] = exists || !isId ? value : Array.isArray(value) ? [randomUUID()] : randomUUID();
    }
    return request;
  };

  const call = async (method: Method, as: Identity, exists: boolean): Promise<object> => {
    const calls = internal.to(method.peer, method.definition) as Record<string, (request: unknown) => Promise<object>>;
    const ask = calls[method.name] as (request: unknown) => Promise<object>;
    try {
      const answer = await runInContext({ ...newContext(), identity: as }, () => ask(requestOf(method, exists)));
      return { answer };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { code: error.code, detail: error.detail, errors: error.errors };
    }
  };

  const unchanged = async (work: () => Promise<void>): Promise<void> => {
    const before = await databaseContents(stack);
    await work();
    expect(await databaseContents(stack)).toEqual(before);
  };

  it('has an entry for every method', () => {
    expect(Object.keys(mayCall).toSorted()).toEqual(declared.toSorted());
    expect(methods.map(({ line }) => line).toSorted()).toEqual(declared.toSorted());
  });

  describe.each([
    { who: 'nobody', code: 'AUTH_CREDENTIALS_MISSING', as: (): Identity => anonymous },
    { who: 'somebody who is disabled', code: 'ACCESS_USER_INACTIVE', as: () => ({ ...alice, active: false }) },
    {
      who: 'a user without a tenant',
      code: 'ACCESS_DENIED',
      as: () => identityOf(people.withoutTenant.userId, '', []),
    },
  ])('for $who', ({ code, as }) => {
    it(`every method is refused with ${code}, alike for what exists and what does not, and nothing changes`, async () => {
      await unchanged(async () => {
        for (const method of methods) {
          const [found, gone] = [await call(method, as(), true), await call(method, as(), false)];
          expect({ line: method.line, ...found }).toMatchObject({ line: method.line, code });
          expect({ line: method.line, ...gone }).toEqual({ line: method.line, ...found });
        }
      });
    });
  });

  it.each([
    { who: 'the owner of another tenant', as: () => mallory },
    { who: 'the owner of the tenant', as: () => alice },
    { who: 'a plain member', as: () => identityOf(people.bob.userId, people.alice.tenantId, ['member']) },
  ])('what is for services and operators is refused to $who, and nothing changes', async ({ as }) => {
    await unchanged(async () => {
      for (const method of methods.filter(({ line }) => mayCall[line] !== 'user')) {
        const [found, gone] = [await call(method, as(), true), await call(method, as(), false)];
        expect({ line: method.line, ...found }).toMatchObject({ line: method.line, code: 'ACCESS_DENIED' });
        expect({ line: method.line, ...gone }).toEqual({ line: method.line, ...found });
      }
    });
  });

  it('what is for services alone is refused to operators, too', async () => {
    const operator = anIdentity({ userId: randomUUID(), tenantId: randomUUID(), roles: ['platform-admin'] });
    await unchanged(async () => {
      for (const method of methods.filter(({ line }) => mayCall[line] === 'service')) {
        expect({ line: method.line, ...(await call(method, operator, true)) }).toMatchObject({
          line: method.line,
          code: 'ACCESS_DENIED',
        });
      }
    });
  });

  it.each([
    { who: 'the owner of another tenant', as: () => mallory },
    { who: 'a member with too few roles', as: () => identityOf(people.bob.userId, people.alice.tenantId, ['member']) },
    { who: 'somebody with a role that says nothing', as: () => ({ ...mallory, roles: ['auditors'] }) },
  ])('what is for users tells $who nothing, and nothing changes', async ({ as }) => {
    const things = [people.things.projectId, people.things.instanceId];
    await unchanged(async () => {
      for (const method of methods.filter(({ line }) => mayCall[line] === 'user')) {
        const withoutIds = (answer: object, ids: readonly string[]): string =>
          ids.reduce((text, id) => text.replaceAll(id, '<id>'), JSON.stringify(answer)).replaceAll(uuid, '<id>');
        const [found, gone] = [await call(method, as(), true), await call(method, as(), false)];
        expect(`${method.line} ${withoutIds(gone, [])}`).toBe(`${method.line} ${withoutIds(found, things)}`);
        expect(`${method.line} ${JSON.stringify(found)}`).not.toMatch(/Lighthouse|lamp|"canRead":true/);
      }
    });
  });

  /** Whatever their scopes are for: each of these is a decision. Nobody but our own services calls them. */
  const openToAnyKey: Readonly<Record<string, string>> = {
    'gatehouse.project.v1.ProjectService/BatchCheckAccess': 'what the role allows; who asks has checked the scopes',
    'gatehouse.project.v1.ProjectService/CheckAccess': 'likewise',
  };

  it('an API key without the scope is refused everything, about its owner, too', async () => {
    const key = {
      ...alice,
      authMethod: 'api-key' as const,
      scopes: ['reports:read'],
      sessionId: '',
      apiKeyId: 'key-1',
    };
    await unchanged(async () => {
      const allowed: string[] = [];
      for (const method of methods) {
        const found = await call(method, key, true);
        if (!('code' in found)) allowed.push(method.line);
        else expect({ line: method.line, ...found }).toMatchObject({ line: method.line, code: 'ACCESS_DENIED' });
      }
      expect(allowed.toSorted()).toEqual(Object.keys(openToAnyKey));
    });
  });

  /** Everything that a caller may say about themselves. */
  const claims = {
    'x-user-id': () => alice.userId,
    'x-active': () => 'true',
    'x-roles': () => 'owner,platform-admin,service',
    'x-tenant-id': () => alice.tenantId,
    'x-auth-method': () => 'service',
  };
  const claimed = (): Record<string, string> =>
    Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, value()]));
  /** What the gateway sealed for this method while the session lived. */
  const oldSeal = ({ peer, definition, name }: Method, ageMs: number): Record<string, string> =>
    sealIdentity({
      identity: { ...alice, userId: people.ended.userId, tenantId: people.ended.tenantId },
      method: 'POST',
      path: definition[name]?.path ?? '',
      requestId: randomUUID(),
      traceId: randomUUID().replaceAll('-', ''),
      key: deriveSealKey(stack.sealKey, peer),
      now: Date.now() - ageMs,
    });

  it.each([
    { who: 'a call without a seal', headers: claimed },
    {
      who: 'a session that has ended, with its token and no seal,',
      headers: () => ({ ...claimed(), authorization: `Bearer ${people.ended.token}` }),
    },
    {
      who: 'a session that has ended, with a seal from before,',
      headers: (method: Method) => oldSeal(method, 66_000),
    },
  ])('$who is nobody’s, whatever it says about itself', async ({ headers }) => {
    await unchanged(async () => {
      for (const method of methods) {
        for (const exists of [true, false]) {
          const code = await rawCall(
            stack.ports(method.peer as never).grpc,
            method,
            headers(method),
            requestOf(method, exists),
          );
          expect({ line: method.line, code }).toEqual({ line: method.line, code: status.UNAUTHENTICATED });
        }
      }
    });
  });

  it.each([
    { who: 'without a seal', headers: claimed },
    { who: 'with a seal from before', headers: (method: Method) => oldSeal(method, 66_000) },
  ])('a message that cannot be read, $who, is nobody’s like any other', async ({ headers }) => {
    for (const method of methods) {
      const code = await rawCall(stack.ports(method.peer as never).grpc, method, headers(method), garbage);
      expect({ line: method.line, code }).toEqual({ line: method.line, code: status.UNAUTHENTICATED });
    }
  });

  it('a message that cannot be read, of somebody who may call, is their mistake', async () => {
    for (const method of methods.filter(({ line }) => mayCall[line] === 'user')) {
      const code = await rawCall(stack.ports(method.peer as never).grpc, method, oldSeal(method, 0), garbage);
      expect({ line: method.line, code }).toEqual({ line: method.line, code: status.INVALID_ARGUMENT });
    }
  });

  it('would let a seal of this moment in', async () => {
    const codes = await Promise.all(
      methods
        .filter(({ line }) => mayCall[line] === 'user')
        .map((method) =>
          rawCall(stack.ports(method.peer as never).grpc, method, oldSeal(method, 0), requestOf(method, false)),
        ),
    );
    expect(codes).not.toContain(status.UNAUTHENTICATED);
  });
}

/** No message of any contract: a field that ends before its length. */
const garbage = Buffer.from([0x0a, 0xff, 0x01]);

/** A call of somebody who has none of our clients: the code of the answer. */
async function rawCall(
  port: number,
  { definition, name }: Method,
  headers: Record<string, string>,
  request: unknown,
): Promise<status | undefined> {
  const client = new GrpcClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [header, value] of Object.entries(headers)) metadata.set(header, value);
  const { path, requestSerialize, responseDeserialize } = definition[name] as never as Raw;
  const serialize = (message: unknown): Buffer => (message === garbage ? garbage : requestSerialize(message));
  const deadline = { deadline: Date.now() + 10_000 };
  const error = await new Promise<ServiceError | null>((resolve) =>
    client.makeUnaryRequest(path, serialize, responseDeserialize, request, metadata, deadline, resolve),
  );
  client.close();
  return error?.code;
}

describe('the access matrix of the internal gRPC APIs, everything in one process', () => {
  grpcAccessMatrix(() => EmbeddedStack.create());
});

describeWith(
  ['mariadbd', 'redis-server'],
  'the access matrix of the internal gRPC APIs, a process for each service',
  () => {
    grpcAccessMatrix(() => DistributedStack.create(1));
  },
);

interface Raw {
  readonly path: string;
  readonly requestSerialize: (request: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
