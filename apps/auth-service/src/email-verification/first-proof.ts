import { Injectable } from '@nestjs/common';

import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { SessionStore } from '../sessions/session.store.js';

/** Ends what was bound to an account before anybody had shown that it is theirs. */
@Injectable()
export class FirstProof {
  constructor(
    private readonly sessions: SessionStore,
    private readonly apiKeys: ApiKeyStore,
    private readonly factors: SecondFactors,
  ) {}

  async voidWhatOthersBound(userId: string, keptSessionId: string): Promise<void> {
    await this.sessions.endAllOf(userId, 'email-proved', keptSessionId);
    await this.apiKeys.revokeAllOf(userId);
    await this.factors.forgetUser(userId);
  }
}
