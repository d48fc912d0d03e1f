import { Injectable } from '@nestjs/common';

import type { Addressee } from '../email-addresses/address-book.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { MailTokenCheck, rejected } from '../mail-tokens/mail-token-check.js';
import type { MailPurpose, MailToken } from '../mail-tokens/mail-token.entity.js';
import { EmailAnnouncer } from './email-announcer.js';
import { EmailProofs, type Prover } from './email-proofs.js';

/** Proof by a token that was sent to the address: whatever the token is used for, its reader has confirmed the address. */
@Injectable()
export class TokenProofs {
  constructor(
    private readonly tokens: MailTokenCheck,
    private readonly entered: EnteredAddresses,
    private readonly proofs: EmailProofs,
    private readonly announcer: EmailAnnouncer,
  ) {}

  find(text: string, purpose: MailPurpose, address: string): Promise<MailToken> {
    return this.tokens.find(text, purpose, address);
  }

  async refuseTaken({ userId, email }: MailToken): Promise<void> {
    if (await this.entered.isConfirmedByOther(userId, email)) throw rejected('somebody else has confirmed the address');
  }

  /** In the transaction of what the token is used for. */
  use(token: MailToken): Promise<void> {
    return this.tokens.use(token);
  }

  /** In the same transaction. */
  record(user: Addressee, { email }: MailToken, prover: Prover): Promise<void> {
    return this.proofs.record(user, email, prover);
  }

  /** After its commit. */
  async announce({ userId }: MailToken): Promise<void> {
    if (!(await this.announcer.announce(userId))) throw rejected('somebody else has just confirmed the address');
  }
}
