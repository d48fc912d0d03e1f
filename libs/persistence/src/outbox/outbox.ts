import { Injectable } from '@nestjs/common';

import type { GatehouseEvents, GatehouseTopic } from '@libs/events';

import { Database } from '../database/database.js';
import { newId } from '../ids/new-id.js';
import { OutboxEvent } from './outbox-event.entity.js';
import { OutboxRelay } from './outbox-relay.js';

/** Where events wait for the commit: an event is published if, and only if, what it tells about has happened. */
@Injectable()
export class Outbox {
  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
  ) {}

  /** Adds an event to the surrounding transaction. It is published after the commit, at least once. */
  async add<T extends GatehouseTopic>(topic: T, key: string, payload: GatehouseEvents[T]): Promise<void> {
    if (!this.database.isInTransaction) {
      throw new Error('An event belongs into the transaction of the change that it tells about.');
    }
    const event = { id: newId(), topic, subject: key, payload, createdAt: new Date() };
    await this.database.manager.insert(OutboxEvent, event);
    this.database.afterCommit(async () => {
      await this.relay.publish(event);
    });
  }
}
