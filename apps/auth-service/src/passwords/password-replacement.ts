import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { type Addressee, UserMailer } from '../emails/user-mailer.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import type { EndReason } from '../sessions/session.entity.js';
import { SessionStore } from '../sessions/session.store.js';
import { CredentialStore } from '../credentials/credential.store.js';

interface Consequences {
  /** The session that goes on. */
  readonly keep?: string;
  /** Who is told by mail. */
  readonly tell?: Addressee;
}

/** A new password, and the end of what the old one opened or could be replaced by: all of it, or nothing. */
@Injectable()
export class PasswordReplacement {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly sessions: SessionStore,
    private readonly tokens: MailTokenStore,
    private readonly mailer: UserMailer,
  ) {}

  async replace(userId: string, passwordHash: string, reason: EndReason, { keep, tell }: Consequences = {}) {
    await this.database.transaction(async () => {
      await this.credentials.put(userId, passwordHash);
      await this.sessions.endAllOf(userId, reason, keep);
      await this.tokens.voidAllOf(userId, 'reset-password');
      await this.tokens.voidAllOf(userId, 'accept-invitation');
      if (tell !== undefined) await this.mailer.notice('password-changed', tell);
    });
  }
}
