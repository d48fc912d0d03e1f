import { Injectable } from '@nestjs/common';

import { UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { isSameAddress } from '../email-addresses/address-book.js';
import { rejected } from '../mail-tokens/mail-token-check.js';
import type { Prover } from './email-proofs.js';
import { EmailState } from './email-state.js';
import { TokenProofs } from './token-proofs.js';

/** A user confirms the address that is theirs, or that waits to be. */
@Injectable()
export class EmailVerificationService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly state: EmailState,
    private readonly proofs: TokenProofs,
  ) {}

  /** `callerId`, whose session it may be: somebody else's has no part in it. */
  async verify(text: string, callerId: string, prover: Prover): Promise<void> {
    const token = await this.proofs.find(text, 'verify-email', prover.address);
    const { userId, email } = token;
    if ((await this.accounts.find(userId)) === undefined) throw rejected('the user is gone');
    const { user, email: present, pendingEmail } = await this.state.of(userId);
    if (!isSameAddress(pendingEmail ?? present, email)) throw rejected('the address is another one by now');
    if (user.status !== UserStatus.ACTIVE) throw rejected('the user is shut out');
    await this.proofs.refuseTaken(token);
    await this.database.transaction(async () => {
      await this.proofs.use(token);
      await this.proofs.record(user, token, callerId === userId ? prover : { ...prover, sessionId: '' });
    });
    await this.proofs.announce(token);
  }
}
