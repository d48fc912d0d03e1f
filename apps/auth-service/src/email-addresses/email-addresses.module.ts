import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { AddressBook } from './address-book.js';
import { EnteredAddresses } from './entered-addresses.js';
import { PendingEmailStore } from './pending-email.store.js';
import { VerifiedEmailStore } from './verified-email.store.js';

/** Which address of a user is confirmed, which one waits, and where they are written to. */
@Module({
  imports: [AccountsModule, GuessingModule],
  providers: [VerifiedEmailStore, PendingEmailStore, AddressBook, EnteredAddresses],
  exports: [AddressBook, EnteredAddresses, VerifiedEmailStore],
})
export class EmailAddressesModule {}
