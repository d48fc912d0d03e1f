import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { isSameAddress } from '../email-addresses/address-book.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { clientAddress } from './client-address.js';
import { EmailAnnouncer } from './email-announcer.js';
import { EmailProofs } from './email-proofs.js';
import { EmailState } from './email-state.js';

/** Who accepts an invitation into a tenant has read what was sent to the address: tenant-service tells of it. */
@Injectable()
export class InvitationProofService {
  constructor(
    private readonly state: EmailState,
    private readonly entered: EnteredAddresses,
    private readonly proofs: EmailProofs,
    private readonly announcer: EmailAnnouncer,
  ) {}

  /** By a letter of tenant-service that the user has read. */
  async prove(userId: string, email: string, sessionId: string): Promise<void> {
    const { user, email: present, isVerified } = await this.state.of(userId);
    const isOther = isVerified && !isSameAddress(present, email);
    if (isOther || (await this.entered.isConfirmedByOther(userId, email))) throw notTheirs();
    await this.proofs.record(user, email, { sessionId, address: clientAddress() });
    if (!(await this.announcer.announce(userId))) throw notTheirs();
  }
}

const notTheirs = (): Refusal => new Refusal('RESOURCE_CONFLICT', { internal: 'the address is not theirs to prove' });
