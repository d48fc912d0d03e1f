import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { AddressBook, isSameAddress } from '../email-addresses/address-book.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { UserMailer } from '../emails/user-mailer.js';
import { MailTokenCheck } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import { clientAddress } from './client-address.js';
import { EmailState } from './email-state.js';

/** Another address is entered for a user. Seven are handed in: one transaction writes to each feature that it concerns. */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly database: Database,
    private readonly state: EmailState,
    private readonly book: AddressBook,
    private readonly entered: EnteredAddresses,
    private readonly tokens: MailTokenCheck,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** The address waits until it is confirmed. Whether somebody else has it is told to its reader alone. */
  async change(userId: string, email: string, asker: 'owner' | 'operator'): Promise<void> {
    const { user, email: present, isVerified } = await this.state.of(userId);
    if (isSameAddress(present, email)) return this.book.withdraw(userId);
    const found = await this.entered.lookFor(userId, email);
    await this.database.transaction(async () => {
      await this.book.enter(userId, email);
      await this.tokens.voidVerificationsOf(userId);
      await this.mailer.verification(user, { ...found, email, asker, address: clientAddress() });
      if (isVerified) await this.mailer.notice('email-change-asked', user);
      await this.log.note('email.change-asked', { user_id: userId, client_address: clientAddress(), reason: asker });
    });
  }
}
