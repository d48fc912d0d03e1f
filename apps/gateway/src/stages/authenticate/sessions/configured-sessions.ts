import type { OnApplicationShutdown } from '@nestjs/common';

import type { GatewayContext } from '../../../request/gateway-context.js';
import type { GrpcSessions } from './grpc-sessions.js';
import { Sessions, UntrackedSessions } from './sessions.js';
import type { VerifiedToken } from '../tokens/verified-token.js';

/** Tracks sessions if the configuration that the request goes by wants it. */
export class ConfiguredSessions extends Sessions implements OnApplicationShutdown {
  private readonly untracked = new UntrackedSessions();
  private tracked: GrpcSessions | undefined;

  constructor(private readonly track: () => GrpcSessions) {
    super();
  }

  check(token: VerifiedToken, context: GatewayContext): Promise<boolean> | boolean {
    const { resolver } = context.snapshot.configuration.authentication.sessions;
    if (resolver === 'none') return this.untracked.check();
    this.tracked ??= this.track();
    return this.tracked.check(token, context);
  }

  onApplicationShutdown(): void {
    this.tracked?.onApplicationShutdown();
  }
}
