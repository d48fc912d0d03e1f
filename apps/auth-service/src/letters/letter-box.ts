import { Inject, Injectable } from '@nestjs/common';

import type { User } from '@libs/grpc';
import { Postbox } from '@libs/mail';
import { Database } from '@libs/persistence';

import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings.js';
import { type Happening, invitation, notice, resetPassword, type TokenLink, verifyEmail } from './letters.js';

/** Who they are, and where to write to. */
export type Addressee = Pick<User, 'id' | 'username' | 'email'>;

/** Writes to users. Each letter belongs to the surrounding transaction, or to one of its own with its token. */
@Injectable()
export class LetterBox {
  constructor(
    private readonly database: Database,
    private readonly postbox: Postbox,
    private readonly tokens: MailTokenStore,
    @Inject(AUTH_SETTINGS)
    private readonly settings: Pick<
      AuthSettings,
      'accountUrl' | 'resetTokenLifetimeMs' | 'verifyTokenLifetimeMs' | 'invitationTokenLifetimeMs'
    >,
  ) {}

  async verification({ id: userId, email }: Pick<Addressee, 'id' | 'email'>): Promise<void> {
    const lifetimeMs = this.settings.verifyTokenLifetimeMs;
    await this.database.transaction(async () => {
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose: 'verify-email', email, lifetimeMs });
      await this.postbox.post({ to: email, ...verifyEmail(this.link('verify-email', token, lifetimeMs)) }, expiresAt);
    });
  }

  async reset({ id: userId, username, email }: Addressee): Promise<void> {
    const lifetimeMs = this.settings.resetTokenLifetimeMs;
    await this.database.transaction(async () => {
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose: 'reset-password', email, lifetimeMs });
      const letter = resetPassword(username, this.link('reset-password', token, lifetimeMs));
      await this.postbox.post({ to: email, ...letter }, expiresAt);
    });
  }

  /** Only the latest is good: whoever invites again may have reason to. */
  async invitation({ id: userId, email }: Pick<Addressee, 'id' | 'email'>): Promise<void> {
    const lifetimeMs = this.settings.invitationTokenLifetimeMs;
    const purpose = 'accept-invitation';
    await this.database.transaction(async () => {
      await this.tokens.voidAllOf(userId, purpose);
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose, email, lifetimeMs });
      await this.postbox.post({ to: email, ...invitation(this.link(purpose, token, lifetimeMs)) }, expiresAt);
    });
  }

  async notice(what: Happening, { username, email }: Addressee): Promise<void> {
    await this.database.transaction(() => this.postbox.post({ to: email, ...notice(what, username) }));
  }

  private link(page: TokenLink['page'], token: string, lifetimeMs: number): TokenLink {
    return { page, token, accountUrl: this.settings.accountUrl, minutes: Math.round(lifetimeMs / 60_000) };
  }
}
