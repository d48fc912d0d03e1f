import { setTimeout as pause } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { In } from 'typeorm';

import type { Database } from '@libs/persistence';
import { newContext, runInContext } from '@libs/trusted-headers';

import type { Audit } from '../outbox/audit.js';
import { AuditOutboxRow } from '../outbox/audit-outbox.entity.js';

import type { AuditTrail } from './audit-trail.js';

const batchSize = 200;
/** Events of the same moment travel together. */
const soonMs = 100;
/** How often it looks for what another process has left. */
const idleMs = 2_000;
const firstPauseMs = 200;
const longestPauseMs = 5_000;
const longestGoodbyeMs = 500;

/** Brings committed audit events into the trail, in the order of their making, until each has arrived. */
export class AuditRelay {
  private readonly logger = new Logger(AuditRelay.name);
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private shipping: Promise<void> = Promise.resolve();
  private failures = 0;
  private stopListening = (): void => undefined;
  private isStopped = true;

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly trail: AuditTrail,
  ) {}

  start(): void {
    this.isStopped = false;
    this.stopListening = this.audit.onRecorded(() => {
      if (this.failures === 0) this.shipIn(soonMs);
    });
    this.shipIn(0);
  }

  /** Brings what the last requests have left. What has not arrived by then does so after the next start. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.stopListening();
    clearTimeout(this.timer);
    if (this.failures === 0) this.shipNow();
    // A trail that hangs must not hold up the stop. What it did not acknowledge is sent again.
    await Promise.race([this.shipping, pause(longestGoodbyeMs, undefined, { ref: false })]);
  }

  /** Brings everything that is committed into the trail; throws if the trail is away. */
  async ship(): Promise<void> {
    for (;;) {
      const rows = await this.database.manager.find(AuditOutboxRow, { order: { id: 'ASC' }, take: batchSize });
      if (rows.length === 0) return;
      await this.trail.append(rows.map(({ event }) => event));
      // If this process dies here, they are appended a second time, which the trail does not do.
      const ids = rows.map(({ id }) => id);
      await this.database.transaction((manager) => manager.delete(AuditOutboxRow, { id: In(ids) }));
    }
  }

  private shipIn(ms: number): void {
    const dueAt = performance.now() + ms;
    if (this.isStopped || dueAt >= this.dueAt) return;
    this.dueAt = dueAt;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.shipNow(), ms).unref();
  }

  /** Not in the name of whoever's commit woke it, and not within their deadline. */
  private shipNow(): void {
    this.shipping = this.shipping.then(() => runInContext(newContext(), () => this.shipQuietly()));
  }

  private async shipQuietly(): Promise<void> {
    this.dueAt = Infinity;
    try {
      await this.ship();
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0 && !this.isStopped)
        this.logger.warn({ msg: 'audit events wait for the trail', err: error });
      this.failures += 1;
    }
    this.shipIn(this.failures === 0 ? idleMs : Math.min(longestPauseMs, firstPauseMs * 2 ** (this.failures - 1)));
  }
}
