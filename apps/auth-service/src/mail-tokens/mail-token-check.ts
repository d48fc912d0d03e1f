import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { MailPurpose, MailToken } from './mail-token.entity.js';
import { MailTokenStore } from './mail-token.store.js';

/** Tells what a token is good for. Wrong, used, old and meant for something else look alike. */
@Injectable()
export class MailTokenCheck {
  constructor(
    private readonly tokens: MailTokenStore,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  async find(text: string, purpose: MailPurpose, address: string): Promise<MailToken> {
    await this.guesses.beforeToken(address);
    const token = await this.tokens.find(text, purpose);
    if (token !== null) return token;
    await this.log.note('mail-token.unknown', { client_address: address });
    throw rejected('never sent, used, or too old');
  }

  /** What was sent for an address that is not wanted any more. */
  voidVerificationsOf(userId: string): Promise<void> {
    return this.tokens.voidAllOf(userId, 'verify-email');
  }

  /** In the transaction of what it is used for; of many who use it at once, one may. */
  async use(token: MailToken): Promise<void> {
    if (!(await this.tokens.use(token))) throw rejected('used a moment ago');
  }
}

export const rejected = (internal: string): Refusal => new Refusal('AUTH_TOKEN_REJECTED', { internal });
