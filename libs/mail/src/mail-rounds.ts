import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';

import { Database, SealAtRest } from '@libs/persistence';

import { type Mail, Mailer, MailRejected } from './mailer.js';
import { PostedMail } from './posted-mail.entity.js';

const roundEveryMs = 2_000;
const batch = 20;
/** Longer than the mailer may take for one email: nobody else tries meanwhile. */
const firstPauseMs = 60_000;
const longestPauseMs = 15 * 60_000;
/** A server that hangs must not keep the database open until the process is ended: the email waits in its table. */
const waitAtStopMs = 1_000;

/**
 * Takes emails from the postbox to the mailer, right after the commit or, when that failed or the process died, in a
 * later round. An email is deleted after it was taken, so it may be sent twice and is never lost.
 */
@Injectable()
export class MailRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MailRounds.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly mailer: Mailer,
    private readonly seal: SealAtRest,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.soon(), roundEveryMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    const tooLong = new Promise((resolve) => setTimeout(resolve, waitAtStopMs).unref());
    await Promise.race([this.running, tooLong]);
    this.mailer.close();
  }

  /** Starts a round, or another one behind the one under way: what was posted meanwhile may have been missed. */
  soon(): void {
    this.isWanted = true;
    if (this.running !== undefined || this.isStopped) return;
    this.running = this.rounds().finally(() => {
      this.running = undefined;
    });
  }

  /** Sends what is due. True when there may be more. */
  async round(now = Date.now()): Promise<boolean> {
    const due = await this.database.manager.find(PostedMail, {
      where: { nextAttemptAt: LessThanOrEqual(new Date(now)) },
      order: { nextAttemptAt: 'ASC', id: 'ASC' },
      take: batch,
    });
    await Promise.all(due.map((posted) => this.attempt(posted, now)));
    return due.length === batch;
  }

  private async rounds(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        if (await this.round()) this.isWanted = true;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'the postbox cannot be read for now');
    }
  }

  private async attempt(posted: PostedMail, now: number): Promise<void> {
    const { id } = posted;
    if (posted.uselessAt.getTime() <= now) {
      this.logger.warn(`mail ${id} was not delivered in time`);
      return this.forget(id);
    }
    if (!(await this.claim(posted, now))) return;
    try {
      await this.mailer.send({ id, ...(JSON.parse(this.seal.open(id, posted.sealedMail)) as Mail) });
    } catch (error) {
      if (!(error instanceof MailRejected)) {
        this.logger.warn({ err: error }, `mail ${id} cannot be sent for now`);
        return;
      }
      this.logger.warn(`mail ${id} was rejected: ${error.message}`);
    }
    await this.forget(id);
  }

  /** One conditional update decides which of several processes makes this attempt. */
  private async claim({ id, attempts }: PostedMail, now: number): Promise<boolean> {
    const pauseMs = Math.min(firstPauseMs * 2 ** attempts, longestPauseMs);
    const next = { attempts: attempts + 1, nextAttemptAt: new Date(now + pauseMs) };
    const { affected } = await this.database.transaction((manager) =>
      manager.update(PostedMail, { id, attempts }, next),
    );
    return affected === 1;
  }

  private async forget(id: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(PostedMail, { id }));
  }
}
