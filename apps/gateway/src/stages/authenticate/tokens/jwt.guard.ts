import { Refusal } from '@libs/errors';
import { AuthGuard } from '@nestjs/passport';

import { rejected } from '../credentials/challenge.js';
import type { JwtStrategy } from './jwt.strategy.js';

/** Runs the strategy of one issuer and leaves what it found in `request.user`. Refuses in the words of the catalogue. */
export class JwtGuard extends AuthGuard() {
  constructor(strategy: JwtStrategy) {
    super({ defaultStrategy: strategy.name, session: false });
  }

  override handleRequest<VerifiedToken>(error: unknown, token: VerifiedToken | false, reason: unknown): VerifiedToken {
    if (error instanceof Refusal) throw error;
    if (error) throw rejected('the token cannot be verified', error);
    if (token) return token;
    if (reason instanceof Refusal) throw reason;
    throw rejected(reason instanceof Error ? reason.message : 'the token is not accepted', reason);
  }
}
