import { Injectable } from '@nestjs/common';

import { invalidField } from '@libs/errors';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { namesOwner } from '../credentials/common-passwords.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { PasswordReplacement } from '../passwords/password-replacement.js';
import { TokenProofs } from '../email-verification/token-proofs.js';
import { rejected } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { OpenedAccount } from '../registrations/registration.service.js';
import type { AcceptInvitation } from './invitation.schema.js';

/** Opens the account of whoever has read the invitation. */
@Injectable()
export class InvitationAcceptance {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly proofs: TokenProofs,
    private readonly hasher: PasswordHasher,
    private readonly passwords: PasswordReplacement,
    private readonly log: SecurityLog,
  ) {}

  /**
   * The user becomes active in tenant-service first. What a crash leaves behind, the same request with the same token
   * finishes: the token is used up with the password that it sets, and `lastly` is committed with it.
   */
  async accept(
    chosen: AcceptInvitation,
    address: string,
    lastly: (opened: OpenedAccount) => Promise<void>,
  ): Promise<OpenedAccount> {
    const token = await this.proofs.find(chosen.token, 'accept-invitation', address);
    const { userId, email } = token;
    const { username, password, displayName, tenantName } = chosen;
    if (namesOwner(password, { username, email })) throw invalidField('password', 'NOT_ALLOWED', 'is a name of yours');

    const passwordHash = await this.hasher.hashNew(password, 'password');
    await this.proofs.refuseTaken(token);
    const account = await this.accounts.openInvited({ userId, email, username, displayName, tenantName });
    if (account === undefined) throw rejected('nobody is invited there any more');
    await this.database.transaction(async () => {
      await this.proofs.use(token);
      await this.passwords.replace(userId, passwordHash, 'password-set');
      await this.proofs.record(account.user, token, { sessionId: '', address });
      await this.log.note('invitation.accepted', { user_id: userId, client_address: address });
      await lastly(account);
    });
    await this.proofs.announce(token);
    return account;
  }
}
