import { Injectable, Logger } from '@nestjs/common';
import { In, LessThan } from 'typeorm';

import { EventBus } from '@libs/events';

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
  private readonly publishing = new Set<Promise<boolean>>();
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

  /**
   * Waits for what is being published, and forgets it; what is not published will be at the next start. The events of
   * the last requests are among it: without it a logout would be heard of when this process is back.
   */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sweeping;
    await Promise.all(this.publishing);
    await this.deletePublished();
  }

  /** Publishes one committed event. A failure is left to the sweep. */
  publish(event: OutboxEvent): Promise<boolean> {
    const publishing = this.publishOnce(event).finally(() => this.publishing.delete(publishing));
    this.publishing.add(publishing);
    return publishing;
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

  private async publishOnce(event: OutboxEvent): Promise<boolean> {
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
