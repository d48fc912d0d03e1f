import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import type { EndReason } from '../sessions/session.entity.js';
import { SessionStore } from '../sessions/session.store.js';
import { CredentialStore } from './credential.store.js';

/** A new password and the end of the sessions that the old one opened: both, or neither. */
@Injectable()
export class PasswordReplacement {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly sessions: SessionStore,
  ) {}

  /** `keptSessionId` names a session that goes on. */
  async replace(userId: string, passwordHash: string, reason: EndReason, keptSessionId?: string): Promise<void> {
    await this.database.transaction(async () => {
      await this.credentials.put(userId, passwordHash);
      await this.sessions.endAllOf(userId, reason, keptSessionId);
    });
  }
}
