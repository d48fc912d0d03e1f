import { Injectable } from '@nestjs/common';
import { Database, deletePiece, inPieces, type Piece, rowsOfPiece } from '@libs/persistence';

import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { AddressBook } from '../email-addresses/address-book.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { RegistrationStore } from '../registrations/registration.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { SessionStore } from '../sessions/session.store.js';
import { CredentialStore } from '../credentials/credential.store.js';

/** Eight are handed in, because each feature that keeps something of a user is asked to forget it. */
@Injectable()
export class ForgetUserService {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly sessions: SessionStore,
    private readonly apiKeys: ApiKeyStore,
    private readonly registrations: RegistrationStore,
    private readonly mailTokens: MailTokenStore,
    private readonly addresses: AddressBook,
    private readonly factors: SecondFactors,
  ) {}

  /** Takes away every way in that a deleted user had. Asking twice is the same as asking once. */
  async forget(userId: string): Promise<void> {
    await inPieces(this.database, () => this.forgetSome(userId));
  }

  /** A piece of that. How they log in goes first, so that nothing new is opened. */
  forgetSome(userId: string): Promise<Piece> {
    return this.database.transaction(async () => {
      await this.credentials.delete(userId);
      await this.registrations.forgetUser(userId);
      await this.mailTokens.forgetUser(userId);
      await this.addresses.forgetUser(userId);
      await this.factors.forgetUser(userId);
      if ((await this.sessions.endSomeOf(userId, 'user-gone')) === 'more') return 'more';
      return this.apiKeys.revokeSome({ userId });
    });
  }

  /**
   * Removes a piece of the rows that are about the user, whichever tables there are by now. Their names and addresses go
   * with them.
   */
  purgeSome(userId: string): Promise<Piece> {
    return this.database.transaction(async (manager) => {
      if ((await this.forgetSome(userId)) === 'more') return 'more';
      if ((await this.sessions.forgetSomeOf(userId)) === 'more') return 'more';
      for (const { target, columns } of manager.dataSource.entityMetadatas) {
        if (!columns.some(({ propertyName }) => propertyName === 'userId')) continue;
        if ((await deletePiece(manager, target, { userId })) === rowsOfPiece) return 'more';
      }
      return 'done';
    });
  }
}
