import type { OnApplicationShutdown } from '@nestjs/common';

import { FreshCache } from '@libs/caches';
import type { EventBus } from '@libs/events';
import { type GetSessionResponse, type GrpcClient, SessionServiceService, SessionStatus } from '@libs/grpc';

import type { GatewayContext } from '../../../request/gateway-context.js';
import { spendDeferredAddressLimit } from '../../../request/deferred-address-limit.js';
import { askDirectory, directoryDeadlineMs } from '../../../request/ask-directory.js';
import { rejected } from '../credentials/challenge.js';
import { Sessions } from './sessions.js';
import type { TokenClock } from '../tokens/token-clock.js';
import type { VerifiedToken } from '../tokens/verified-token.js';

type SessionClient = Pick<GrpcClient<typeof SessionServiceService>, 'getSession'>;

const maxSessions = 100_000;

/** Sessions as auth-service knows them, remembered until it tells of their end. */
export class GrpcSessions extends Sessions implements OnApplicationShutdown {
  private readonly sessions: FreshCache<GetSessionResponse>;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly client: SessionClient,
    bus: EventBus,
    private readonly clock: TokenClock,
  ) {
    super();
    this.sessions = new FreshCache({
      name: 'sessions',
      bus,
      maxEntries: maxSessions,
      tagsOf: (_session, sessionId) => [sessionId],
    });
    this.unsubscribe = bus.subscribe(['session.ended'], ({ payload }) => this.sessions.invalidate(payload.sessionId));
  }

  async check({ sessionId, subject }: VerifiedToken, context: GatewayContext): Promise<boolean> {
    if (sessionId === '') throw rejected('the token names no session');
    const session = this.sessions.known(sessionId) ?? (await this.ask(sessionId, context));
    if (session.status !== SessionStatus.ACTIVE) throw rejected(`the session is ${SessionStatus[session.status]}`);
    if (session.userId !== subject) throw rejected('the session is that of another user');
    if (session.expireTime !== undefined && session.expireTime.getTime() <= this.clock.latest()) {
      this.clock.refuseIfOff();
      throw rejected('the session has expired');
    }
    return true;
  }

  private async ask(sessionId: string, context: GatewayContext): Promise<GetSessionResponse> {
    await spendDeferredAddressLimit(context);
    return this.sessions.get(sessionId, () =>
      askDirectory(context, () =>
        this.client.getSession({ sessionId }, { as: 'service', deadlineMs: directoryDeadlineMs }),
      ),
    );
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
    this.sessions.close();
  }
}
