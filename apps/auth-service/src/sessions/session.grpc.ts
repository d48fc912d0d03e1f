import {
  type EndUserSessionsRequest,
  type EndUserSessionsResponse,
  type GetSessionRequest,
  type GetSessionResponse,
  type GrpcHandlers,
  GrpcService,
  SessionServiceService,
  SessionStatus,
} from '@libs/grpc';
import { Access } from '@libs/trusted-headers';

import { Clock } from '../time/clock.js';
import { isLive } from './session.entity.js';
import { SessionStore } from './session.store.js';

@Access('service')
@GrpcService(SessionServiceService)
export class SessionGrpc implements GrpcHandlers<SessionServiceService> {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  async getSession({ sessionId }: GetSessionRequest): Promise<GetSessionResponse> {
    const session = await this.sessions.find(sessionId);
    if (session === null) return { status: SessionStatus.UNKNOWN, userId: '', tenantId: '' };
    return {
      status: isLive(session, this.clock.now()) ? SessionStatus.ACTIVE : SessionStatus.ENDED,
      userId: session.userId,
      tenantId: session.tenantId ?? '',
      expireTime: session.expiresAt,
    };
  }

  @Access('service', { roles: ['platform-admin'] })
  async endUserSessions({ userId }: EndUserSessionsRequest): Promise<EndUserSessionsResponse> {
    return { endedCount: await this.sessions.endAllOf(userId, 'ended-by-service') };
  }
}
