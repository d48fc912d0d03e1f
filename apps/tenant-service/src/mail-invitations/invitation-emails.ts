import { Inject, Injectable } from '@nestjs/common';

import { Postbox } from '@libs/mail';

import { invitationEmail } from './invitation-email.js';

/** Where the pages of whoever runs this are; undefined: emails hold the token alone. */
export const accountUrl = Symbol('accountUrl');

@Injectable()
export class InvitationEmails {
  constructor(
    private readonly postbox: Postbox,
    @Inject(accountUrl) private readonly pages: string | undefined,
  ) {}

  /** With the commit; of no use any more when the invitation has expired. */
  send(to: string, token: string, expiresAt: Date): Promise<void> {
    return this.postbox.post({ to, ...invitationEmail(token, this.pages) }, expiresAt);
  }
}
