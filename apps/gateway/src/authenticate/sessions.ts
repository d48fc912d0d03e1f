import type { GatewayContext } from '../gateway-context.js';
import type { VerifiedToken } from './verified-token.js';

/** Tells whether the session behind a verified token is still wanted. */
export abstract class Sessions {
  /** Refuses when the session has ended. */
  abstract check(token: VerifiedToken, context: GatewayContext): Promise<void> | void;
}

/** Without a session service a token is good until it expires. */
export class UntrackedSessions extends Sessions {
  check(): void {
    // Expiry was checked with the signature.
  }
}
