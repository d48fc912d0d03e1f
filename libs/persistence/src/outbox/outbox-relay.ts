import { Injectable, Logger } from '@nestjs/common';
import { In, LessThan } from 'typeorm';

import { EventBus } from '@libs/redis';

import { Database } from '../database/database.js';
import { OutboxEvent } from './outbox-event.entity.js';

const sweepEveryMs = 500;
/** How long an event is left to the process that committed it. */
const leftOverAfterMs = 2000;
const batchSize = 100;

/**
 * Publishes what is in the outbox: right after the commit, or, if the process died or the bus was away, in a sweep. An
 * event is deleted after it was published, so it may be published twice and is never lost.
 */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger(OutboxRelay.name);
  /** Ids of events that are published; their rows are deleted together, in the next sweep. */
  private readonly published = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweepQuietly().then(() => {
        if (this.timer !== undefined) this.start();
      });
    }, sweepEveryMs);
    this.timer.unref();
  }

  /** Waits for the sweep in progress and forgets what is published; what is not will be at the next start. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sweeping;
    await this.deletePublished();
  }

  /** Publishes one committed event. A failure is left to the sweep. */
  async publish(event: OutboxEvent): Promise<boolean> {
    try {
      await this.bus.publish({
        topic: event.topic,
        key: event.subject,
        payload: event.payload,
        id: event.id,
        time: event.createdAt.toISOString(),
      });
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ err: error }, 'events cannot be published and wait in the outbox');
      this.isFailing = true;
      return false;
    }
    this.isFailing = false;
    this.published.add(event.id);
    return true;
  }

  /** Publishes what others have left, in the order of its making, until the bus fails. */
  async sweep(now = Date.now()): Promise<void> {
    await this.deletePublished();
    const leftOvers = await this.database.manager.find(OutboxEvent, {
      where: { createdAt: LessThan(new Date(now - leftOverAfterMs)) },
      order: { id: 'ASC' },
      take: batchSize,
    });
    for (const event of leftOvers) {
      if (!this.published.has(event.id) && !(await this.publish(event))) break;
    }
    await this.deletePublished();
  }

  private async sweepQuietly(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.logger.warn({ err: error }, 'the outbox cannot be read for now');
    }
  }

  private async deletePublished(): Promise<void> {
    const ids = [...this.published];
    if (ids.length === 0) return;
    await this.database.transaction((manager) => manager.delete(OutboxEvent, { id: In(ids) }));
    for (const id of ids) this.published.delete(id);
  }
}
