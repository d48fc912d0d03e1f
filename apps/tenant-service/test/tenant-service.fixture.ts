import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings } from '@libs/config';
import {
  AccountServiceService,
  GrpcClients,
  TenantConfigServiceService,
  TenantServiceService,
  UserImportServiceService,
  UserServiceService,
} from '@libs/grpc';
import { newId } from '@libs/persistence';
import { anIdentity, aSealKey, sealedFetch, serviceEnvironment } from '@libs/testing';
import { type Identity, newContext, runInContext, serviceIdentity } from '@libs/trusted-headers';

import { TenantServiceSettings } from '../src/settings.js';
import { startTenantService } from '../src/start.js';
import { FakeAuthService } from './fake-auth-service.fixture.js';

/** Works for the platform, in a tenant that tenant-service need not know. */
export const operator = anIdentity({ userId: newId(), tenantId: newId(), roles: ['platform-admin'] });

/** A whole tenant-service on free ports, with a database of its own and the clients of its gRPC services. */
export async function tenantServiceForTest(environment: Readonly<Record<string, string>> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenant-service-'));
  const sealKey = aSealKey();
  const authService = await FakeAuthService.start();
  const service = await startTenantService(
    readSettings(TenantServiceSettings, {
      ...serviceEnvironment({ dataDir, sealKey }),
      AUTH_SERVICE_GRPC: authService.address,
      ...environment,
    }),
  );
  const clients = new GrpcClients({ service: 'auth-service', sealKey, peers: { 'tenant-service': service.grpc } });
  const accounts = clients.to('tenant-service', AccountServiceService);
  const asService = <T>(call: () => Promise<T>): Promise<T> =>
    runInContext({ ...newContext(), identity: serviceIdentity('auth-service') }, call);

  const confirmEmail = (userId: string, email: string, isFirst = true) =>
    asService(() => accounts.confirmEmail({ userId, email, isFirst }));
  authService.confirm = ({ userId, email, isFirst }) => confirmEmail(userId, email, isFirst);

  return {
    ...service,
    authService,
    /** As auth-service tells it. */
    confirmEmail,
    dataDir,
    databaseUrl: environment['DATABASE_URL'],
    sealKey,
    accounts,
    imports: clients.to('tenant-service', UserImportServiceService),
    users: clients.to('tenant-service', UserServiceService),
    tenants: clients.to('tenant-service', TenantServiceService),
    configs: clients.to('tenant-service', TenantConfigServiceService),
    asService,
    call: sealedFetch('tenant-service', service.http, sealKey),

    /** Opens an account as a registration does, and tells how its owner then calls. */
    async register(username: string): Promise<Identity> {
      const [userId, tenantId] = [newId(), newId()];
      const names = { username, email: `${username}@example.com`, displayName: '', tenantName: `${username}'s` };
      await asService(() => accounts.openAccount({ userId, tenantId, ...names, platformRoles: [] }));
      return anIdentity({ userId, userName: username, tenantId });
    },

    async stop() {
      clients.onApplicationShutdown();
      await service.stop();
      authService.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type TenantServiceForTest = Awaited<ReturnType<typeof tenantServiceForTest>>;
