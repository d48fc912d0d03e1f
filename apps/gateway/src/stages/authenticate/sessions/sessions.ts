import type { GatewayContext } from '../../../request/gateway-context.js';
import type { VerifiedToken } from '../tokens/verified-token.js';

/** Tells whether the session behind a verified token is still wanted. */
export abstract class Sessions {
  /** Whether the platform itself vouches for the session: its own, not that of another issuer. Refuses when it has ended. */
  abstract check(token: VerifiedToken, context: GatewayContext): Promise<boolean> | boolean;
}

/** Without a session service a token is good until it expires. */
export class UntrackedSessions extends Sessions {
  check(): boolean {
    return false;
  }
}
