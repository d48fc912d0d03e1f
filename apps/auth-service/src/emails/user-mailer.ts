import { Inject, Injectable } from '@nestjs/common';

import { Postbox } from '@libs/mail';
import { Database } from '@libs/persistence';

import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { AddressBook, type Addressee } from '../email-addresses/address-book.js';
import {
  type Asker,
  emailTaken,
  type Happening,
  invitation,
  neverConfirmed,
  notice,
  type ResetAsker,
  resetPassword,
  type TokenLink,
  verifyEmail,
} from './email-texts.js';

export type { Addressee } from '../email-addresses/address-book.js';

/** What somebody wants confirmed, and who has asked for that. */
export interface WantedProof {
  readonly email: string;
  /** Somebody else has confirmed it: its reader is told, and gets no token. */
  readonly isTaken: boolean;
  /** Too much was sent there. */
  readonly isLeftInPeace: boolean;
  readonly asker: Asker;
  /** From where it was asked for; empty when nobody knows. */
  readonly address: string;
}

/** Writes to users, where the address book says. Each e-mail belongs to the surrounding transaction, or to one of its own with its token. */
@Injectable()
export class UserMailer {
  constructor(
    private readonly database: Database,
    private readonly postbox: Postbox,
    private readonly tokens: MailTokenStore,
    private readonly book: AddressBook,
    @Inject(AUTH_SETTINGS)
    private readonly settings: Pick<
      AuthSettings,
      'accountUrl' | 'resetTokenLifetimeMs' | 'verifyTokenLifetimeMs' | 'invitationTokenLifetimeMs'
    >,
  ) {}

  /** The only e-mail that goes to an address which the book does not know: it asks whether it is theirs. */
  async verification({ id: userId, username }: Pick<Addressee, 'id' | 'username'>, wanted: WantedProof): Promise<void> {
    const { email, isTaken, asker, address } = wanted;
    if (wanted.isLeftInPeace) return;
    const lifetimeMs = this.settings.verifyTokenLifetimeMs;
    const request = { username, asker, address };
    await this.database.transaction(async () => {
      if (isTaken) return this.postbox.post({ to: email, ...emailTaken(request) });
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose: 'verify-email', email, lifetimeMs });
      const text = verifyEmail(request, this.link('verify-email', token, lifetimeMs));
      await this.postbox.post({ to: email, ...text }, expiresAt);
    });
  }

  async reset(user: Addressee, asker: ResetAsker = 'somebody'): Promise<void> {
    const { id: userId, username } = user;
    const email = await this.book.addressOf(user);
    const lifetimeMs = this.settings.resetTokenLifetimeMs;
    await this.database.transaction(async () => {
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose: 'reset-password', email, lifetimeMs });
      const text = resetPassword(username, asker, this.link('reset-password', token, lifetimeMs));
      await this.postbox.post({ to: email, ...text }, expiresAt);
    });
  }

  /** In place of a reset: the reader of an address that nobody ever confirmed may have nothing to do with the account. */
  async opensNothing(user: Addressee): Promise<void> {
    await this.database.transaction(async () => {
      await this.postbox.post({ to: await this.book.addressOf(user), ...neverConfirmed(user.username) });
    });
  }

  /** Only the latest is good: whoever invites again may have reason to. */
  async invitation(user: Addressee): Promise<void> {
    const userId = user.id;
    const email = await this.book.addressOf(user);
    const lifetimeMs = this.settings.invitationTokenLifetimeMs;
    const purpose = 'accept-invitation';
    await this.database.transaction(async () => {
      await this.tokens.voidAllOf(userId, purpose);
      const { token, expiresAt } = await this.tokens.issue({ userId, purpose, email, lifetimeMs });
      await this.postbox.post({ to: email, ...invitation(this.link(purpose, token, lifetimeMs)) }, expiresAt);
    });
  }

  async notice(what: Happening, user: Addressee): Promise<void> {
    await this.database.transaction(async () => {
      await this.postbox.post({ to: await this.book.addressOf(user), ...notice(what, user.username) });
    });
  }

  private link(page: TokenLink['page'], token: string, lifetimeMs: number): TokenLink {
    return { page, token, accountUrl: this.settings.accountUrl, minutes: Math.round(lifetimeMs / 60_000) };
  }
}
