import { Injectable, Logger } from '@nestjs/common';

import type { BusEvent, GatehouseEvent, GatehouseTopic } from './catalogue.js';
import { EventBus } from './event-bus.js';
import { Subscriptions } from './subscriptions.js';

/** One for the process: services that run embedded in it hear one another. */
const processHub = new Subscriptions(new Logger('EventBus'));

/** The event bus of the embedded mode. It cannot be disconnected, so nothing is ever missed. */
@Injectable()
export class MemoryEventBus extends EventBus {
  readonly connected = true;
  private readonly hub: Subscriptions;

  constructor(hub: Subscriptions = processHub) {
    super();
    this.hub = hub;
  }

  /** Goes through JSON, so that a payload that would not survive the wire shows here too. */
  async publish(event: BusEvent): Promise<void> {
    const received = JSON.parse(JSON.stringify(event)) as BusEvent;
    await Promise.resolve();
    this.hub.deliver(received);
  }

  subscribe<T extends GatehouseTopic>(topics: readonly T[], handler: (event: GatehouseEvent<T>) => void): () => void {
    return this.hub.add(topics, handler);
  }

  onGap(): () => void {
    return () => undefined;
  }
}
