import { jest } from '@jest/globals';

import { connect } from 'node:http2';

import {
  AccountServiceService,
  type GrpcClients,
  ProjectServiceService,
  UserServiceService,
  UserStatus,
} from '@libs/grpc';
import { callInternally } from './support/internal.js';
import { Client } from './support/client.js';
import { aPerson, type Person, untilStatus } from './support/flow.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(60_000);

describe('who gets in', () => {
  let stack: DistributedStack;
  let clients: Client[];
  let internal: GrpcClients;
  let first: Client;
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
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await stack?.dispose();
  });

  const everywhere = (status: number, ask: (client: Client) => ReturnType<Client['get']>): Promise<unknown> =>
    Promise.all(clients.map((client) => untilStatus(() => ask(client), status, 1000)));

  it('refuses an access token at every gateway within one second of its logout', async () => {
    const alice = await aPerson(first);
    await everywhere(200, (client) => client.get('/projects', { token: alice.token }));
    expect((await first.post('/auth/logout', { token: alice.token })).status).toBe(204);
    await everywhere(401, (client) => client.get('/projects', { token: alice.token }));
  });

  it('refuses a revoked API key at every gateway within one second', async () => {
    const alice = await aPerson(first);
    const { body } = await first.post('/auth/api-keys', { token: alice.token, body: { name: 'robot' } });
    await everywhere(200, (client) => client.get('/projects', { apiKey: body.key }));
    await first.delete(`/auth/api-keys/${body.id}`, { token: alice.token });
    await everywhere(401, (client) => client.get('/projects', { apiKey: body.key }));
  });

  it('answers 403 to a disabled user within one second, and lets them in again when enabled', async () => {
    const alice = await aPerson(first);
    const users = internal.to('tenant-service', UserServiceService);
    await everywhere(200, (client) => client.get('/projects', { token: alice.token }));
    await users.setUserStatus({ id: alice.userId, status: UserStatus.DISABLED }, { as: 'service' });
    await everywhere(403, (client) => client.get('/projects', { token: alice.token }));
    const login = await first.post('/auth/login', { body: { login: alice.username, password: alice.password } });
    expect(login).toMatchObject({ status: 403, body: { code: 'ACCESS_USER_INACTIVE' } });
    await users.setUserStatus({ id: alice.userId, status: UserStatus.ACTIVE }, { as: 'service' });
    const back = await first.post('/auth/login', { body: { login: alice.username, password: alice.password } });
    await everywhere(200, (client) => client.get('/projects', { token: back.body.accessToken }));
  });

  it('still refuses within a second when Redis is away', async () => {
    const alice = await aPerson(first);
    await everywhere(200, (client) => client.get('/projects', { token: alice.token }));
    await stack.redis.kill();
    try {
      await internal
        .to('tenant-service', UserServiceService)
        .setUserStatus({ id: alice.userId, status: UserStatus.DISABLED }, { as: 'service' });
      await Promise.all(
        clients.map((client) => untilStatus(() => client.get('/projects', { token: alice.token }), 403, 2500)),
      );
    } finally {
      await stack.redis.restart();
    }
  });

  describe('around the gateway', () => {
    const forged = (person: Person): Record<string, string> => ({
      'x-user-id': person.userId,
      'x-user-name': person.username,
      'x-active': 'true',
      'x-roles': 'owner,platform-admin',
      'x-tenant-id': person.tenantId,
      'x-auth-method': 'jwt',
      'x-request-id': 'forged',
    });

    it.each([
      ['project-service', '/projects'],
      ['project-service', '/dashboard'],
      ['tenant-service', '/users/me'],
      ['tenant-service', '/internal/users'],
      ['auth-service', '/auth/me'],
      ['ecs-service', '/ecs/instances'],
    ] as const)('%s answers 401 to forged headers at %s', async (service, path) => {
      const alice = await aPerson(first);
      const direct = new Client(`http://127.0.0.1:${stack.ports(service).http}`);
      const headers = forged(alice);
      const badSeal = {
        ...headers,
        'signature-input': 'sig1=("@method" "@path");created=1;keyid="x"',
        signature: 'sig1=:AAAA:',
      };
      for (const attempt of [{}, headers, badSeal]) {
        expect(await direct.get(path, { headers: attempt })).toMatchObject({
          status: 401,
          body: { code: 'IDENTITY_SEAL_INVALID' },
        });
      }
      await direct.close();
    });

    it.each([
      ['tenant-service', UserServiceService.listUsers.path],
      ['tenant-service', AccountServiceService.getAccount.path],
      ['project-service', ProjectServiceService.getProject.path],
    ] as const)('%s answers UNAUTHENTICATED to forged metadata at %s', async (service, path) => {
      const alice = await aPerson(first);
      expect(await grpcStatus(`http://127.0.0.1:${stack.ports(service).grpc}`, path, forged(alice))).toBe('16');
    });
  });
});

/** Speaks gRPC by hand, as an attacker would: an empty message, and whatever metadata they like. */
function grpcStatus(origin: string, path: string, metadata: Record<string, string>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const session = connect(origin).on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...metadata,
    });
    let status: string | undefined;
    const note = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', note).on('trailers', note).on('error', reject).resume();
    stream.on('close', () => {
      session.close();
      resolve(status);
    });
    stream.end(Buffer.alloc(5));
  });
}
