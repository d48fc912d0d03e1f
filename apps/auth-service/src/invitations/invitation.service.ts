import { Injectable } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { namesOwner } from '../credentials/common-passwords.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { PasswordReplacement } from '../passwords/password-replacement.js';
import { EmailProofs } from '../email-verification/email-proofs.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { UserMailer } from '../emails/user-mailer.js';
import { MailTokenCheck, rejected } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { OpenedAccount } from '../registrations/registration.service.js';
import type { AcceptInvitation } from './invitation.schema.js';

/** Writes to users who are invited, and opens the account of whoever has read the letter. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly tokens: MailTokenCheck,
    private readonly entered: EnteredAddresses,
    private readonly proofs: EmailProofs,
    private readonly hasher: PasswordHasher,
    private readonly passwords: PasswordReplacement,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  async send(userId: string): Promise<void> {
    const user = (await this.accounts.find(userId))?.user;
    if (user === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    if (user.status !== UserStatus.INVITED)
      throw new Refusal('RESOURCE_CONFLICT', { detail: 'The user is in already.' });
    await this.database.transaction(async () => {
      await this.mailer.invitation(user);
      await this.log.note('invitation.sent', { user_id: userId });
    });
  }

  /**
   * The user becomes active in tenant-service first. What a crash leaves behind, the same request with the same token
   * finishes: the token is used up with the password that it sets, and `lastly` is committed with it.
   */
  async accept(
    chosen: AcceptInvitation,
    address: string,
    lastly: (opened: OpenedAccount) => Promise<void>,
  ): Promise<OpenedAccount> {
    const token = await this.tokens.find(chosen.token, 'accept-invitation', address);
    const { userId, email } = token;
    const { username, password, displayName, tenantName } = chosen;
    if (namesOwner(password, { username, email })) throw invalidField('password', 'NOT_ALLOWED', 'is a name of yours');

    const passwordHash = await this.hasher.hashNew(password, 'password');
    if (await this.entered.isConfirmedByOther(userId, email)) throw rejected('somebody else has confirmed the address');
    const account = await this.accounts.openInvited({ userId, email, username, displayName, tenantName });
    if (account === undefined) throw rejected('nobody is invited there any more');
    await this.database.transaction(async () => {
      await this.tokens.use(token);
      await this.passwords.replace(userId, passwordHash, 'password-set');
      await this.proofs.record(account.user, email, { sessionId: '', address });
      await this.log.note('invitation.accepted', { user_id: userId, client_address: address });
      await lastly(account);
    });
    if (!(await this.proofs.announce(userId))) throw rejected('somebody else has just confirmed the address');
    return account;
  }
}
