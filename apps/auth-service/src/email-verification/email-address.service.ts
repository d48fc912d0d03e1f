import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { UserMailer } from '../emails/user-mailer.js';
import { clientAddress } from './client-address.js';
import type { EmailAnswer } from './email-address.schema.js';
import { EmailState } from './email-state.js';

/** What a user sees and asks of their own address. */
@Injectable()
export class EmailAddressService {
  constructor(
    private readonly state: EmailState,
    private readonly entered: EnteredAddresses,
    private readonly mailer: UserMailer,
  ) {}

  async describe(userId: string): Promise<EmailAnswer> {
    const { email, isVerified, verifiedAt, pendingEmail } = await this.state.of(userId);
    return {
      email,
      verified: isVerified,
      verifiedAt: verifiedAt?.toISOString() ?? null,
      ...(pendingEmail === undefined ? {} : { pendingEmail }),
    };
  }

  /** Whether confirming would replace another address: that is a change of a way in. */
  async replacesAnother(userId: string): Promise<boolean> {
    return (await this.state.of(userId)).pendingEmail !== undefined;
  }

  async sendVerification(userId: string): Promise<void> {
    const { user, email: present, isVerified, pendingEmail } = await this.state.of(userId);
    if (isVerified && pendingEmail === undefined) {
      throw new Refusal('RESOURCE_CONFLICT', { detail: 'The address is confirmed.' });
    }
    const email = pendingEmail ?? present;
    const found = await this.entered.lookFor(userId, email);
    await this.mailer.verification(user, { ...found, email, asker: 'owner', address: clientAddress() });
  }
}
