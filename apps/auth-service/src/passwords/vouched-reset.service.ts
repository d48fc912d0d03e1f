import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { AddressBook } from '../email-addresses/address-book.js';
import { UserMailer } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { StepUp } from '../step-up/step-up.js';

/**
 * What operators do for who cannot get a letter by themselves, having made sure whose account it is. Seven are handed in,
 * most of them to refuse.
 */
@Injectable()
export class VouchedResetService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly stepUp: StepUp,
    private readonly book: AddressBook,
    private readonly entered: EnteredAddresses,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** An address that somebody else has confirmed is written to for nobody else, whoever vouches. */
  async sendReset(operator: Identity, userId: string): Promise<void> {
    await this.stepUp.requireOfOperator(operator);
    const user = (await this.accounts.find(userId))?.user;
    if (user === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    if (user.status !== UserStatus.ACTIVE) throw conflict('The user is not active.');
    const email = await this.book.addressOf(user);
    if (await this.entered.isConfirmedByOther(userId, email))
      throw conflict('Somebody else has confirmed the address.');
    await this.database.transaction(async () => {
      await this.mailer.reset(user, 'operator');
      await this.log.note('password.reset-sent', { user_id: userId });
    });
  }
}

const conflict = (detail: string): Refusal => new Refusal('RESOURCE_CONFLICT', { detail });
