import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { UserMailer } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';

/** Writes to users who are invited. */
@Injectable()
export class InvitationSending {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
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
}
