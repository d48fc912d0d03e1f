import { Injectable, Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { AccountDirectory } from '../accounts/account-directory.js';
import type { VerifiedEmail } from '../email-addresses/verified-email.entity.js';
import { VerifiedEmailStore } from '../email-addresses/verified-email.store.js';

/** Tells tenant-service which addresses were confirmed: it says whose each is. */
@Injectable()
export class EmailAnnouncer {
  private readonly logger = new Logger(EmailAnnouncer.name);

  constructor(
    private readonly accounts: AccountDirectory,
    private readonly verified: VerifiedEmailStore,
  ) {}

  /** After the commit. False when somebody else was faster: then nothing was proved. */
  async announce(userId: string): Promise<boolean> {
    const proof = await this.verified.find(userId);
    if (proof === null || proof.announcedAt !== null) return true;
    try {
      return await this.tell(proof);
    } catch (error) {
      this.logger.warn({ msg: 'a confirmed address will be told to tenant-service later', err: error });
      return true;
    }
  }

  /** What a crash or an outage has left behind, and what was confirmed before tenant-service kept it. */
  async announceAll(): Promise<void> {
    for (const proof of await this.verified.unannounced()) {
      await this.tell(proof).catch((error: unknown) => {
        // What tenant-service does not accept keeps the others from nothing.
        if (!(error instanceof Refusal) || error.entry.status >= 500) throw error;
        this.logger.error({ msg: 'tenant-service does not accept a confirmed address', user_id: proof.id, err: error });
      });
    }
  }

  private async tell(proof: VerifiedEmail): Promise<boolean> {
    const { id: userId, email, isFirst } = proof;
    const outcome = await this.accounts.confirmEmail({ userId, email, isFirst: isFirst === true });
    if (outcome !== 'refused') await this.verified.announced(proof);
    else await this.verified.forget(proof);
    return outcome === 'confirmed';
  }
}
