import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Database } from '@libs/persistence';

import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { PendingEmailStore } from '../email-addresses/pending-email.store.js';
import { VerifiedEmailStore } from '../email-addresses/verified-email.store.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { RegistrationStore } from '../registrations/registration.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { RefreshToken } from '../sessions/refresh-token.entity.js';
import { Session } from '../sessions/session.entity.js';
import { SessionStore } from '../sessions/session.store.js';
import { CredentialStore } from './credential.store.js';

@Injectable()
export class ForgetUserService {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly sessions: SessionStore,
    private readonly apiKeys: ApiKeyStore,
    private readonly registrations: RegistrationStore,
    private readonly mailTokens: MailTokenStore,
    private readonly verified: VerifiedEmailStore,
    private readonly pending: PendingEmailStore,
    private readonly factors: SecondFactors,
  ) {}

  /** Takes away every way in that a deleted user had. Asking twice is the same as asking once. */
  async forget(userId: string): Promise<void> {
    await this.database.transaction(async () => {
      await this.sessions.endAllOf(userId, 'user-gone');
      await this.apiKeys.revokeAllOf(userId);
      await this.credentials.delete(userId);
      await this.registrations.forgetUser(userId);
      await this.mailTokens.forgetUser(userId);
      await this.verified.forgetUser(userId);
      await this.pending.forgetUser(userId);
      await this.factors.forgetUser(userId);
    });
  }

  /** Removes every row that is about the user, whichever tables there are by now. Their names and addresses go with it. */
  async purge(userId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.forget(userId);
      const sessions = await manager.findBy(Session, { userId });
      await manager.delete(RefreshToken, { sessionId: In(sessions.map(({ id }) => id)) });
      for (const { target, columns } of manager.dataSource.entityMetadatas) {
        if (columns.some(({ propertyName }) => propertyName === 'userId')) await manager.delete(target, { userId });
      }
    });
  }
}
