/**
 * Stands in for auth-service and tenant-service: every session is live and every account is active. Asking them costs
 * the gateway the same gRPC calls; what they would cost in those services is no concern of the gateway's benchmark.
 */
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';

import {
  AccountServiceService,
  type GetAccountRequest,
  type GetAccountResponse,
  type GetSessionRequest,
  type GetSessionResponse,
  SessionServiceService,
  SessionStatus,
  TenantStatus,
  UserStatus,
} from '@libs/grpc';

const port = process.argv[2] ?? '';
const time = new Date(0);

const server = new Server();
server.addService(SessionServiceService, {
  getSession(
    { request: { sessionId } }: ServerUnaryCall<GetSessionRequest, GetSessionResponse>,
    answer: sendUnaryData<GetSessionResponse>,
  ) {
    const userId = sessionId.replace('session-of-', '');
    answer(null, {
      status: SessionStatus.ACTIVE,
      userId,
      tenantId: '',
      expireTime: new Date(Date.now() + 3_600_000),
    });
  },
});
server.addService(AccountServiceService, {
  getAccount(
    { request: { userId, tenantId } }: ServerUnaryCall<GetAccountRequest, GetAccountResponse>,
    answer: sendUnaryData<GetAccountResponse>,
  ) {
    answer(null, {
      user: {
        id: userId,
        username: userId,
        email: `${userId}@example.com`,
        displayName: userId,
        status: UserStatus.ACTIVE,
        platformRoles: [],
        createTime: time,
        updateTime: time,
        etag: '"1"',
      },
      tenant: {
        id: tenantId,
        name: tenantId,
        status: TenantStatus.ACTIVE,
        createTime: time,
        updateTime: time,
        etag: '"1"',
      },
      roles: ['owner', 'user'],
      permissions: [],
    });
  },
});

server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
