import { Injectable } from '@nestjs/common';

import { Database, newId, SealAtRest } from '@libs/persistence';

import type { Mail } from './mailer.js';
import { MailRounds } from './mail-rounds.js';
import { PostedMail } from './posted-mail.entity.js';

const usefulForMs = 24 * 3_600_000;

/** Where emails wait for the commit: one is sent if, and only if, what it tells about has happened. */
@Injectable()
export class Postbox {
  constructor(
    private readonly database: Database,
    private readonly rounds: MailRounds,
    private readonly seal: SealAtRest,
  ) {}

  /**
   * Adds an email to the surrounding transaction. It is sent after the commit, and again until somebody takes it or it
   * is of no use any more: the time after which whatever it holds has expired.
   */
  async post(mail: Mail, uselessAt = new Date(Date.now() + usefulForMs)): Promise<void> {
    if (!this.database.isInTransaction) {
      throw new Error('An email belongs into the transaction of the change that it tells about.');
    }
    const id = newId();
    const sealedMail = this.seal.seal(id, JSON.stringify(mail));
    await this.database.manager.insert(PostedMail, {
      id,
      sealedMail,
      attempts: 0,
      nextAttemptAt: new Date(),
      uselessAt,
    });
    this.database.afterCommit(() => this.rounds.soon());
  }
}
