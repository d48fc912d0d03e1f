import type { LoggerService } from '@nestjs/common';

import type { BusEvent, GatehouseEvent, GatehouseTopic } from './catalogue.js';

type Handler = (event: BusEvent) => void;

/** Who listens to what in this process. */
export class Subscriptions {
  private readonly handlers = new Map<string, Set<Handler>>();

  constructor(private readonly logger: Pick<LoggerService, 'error'>) {}

  add<T extends GatehouseTopic>(topics: readonly T[], handler: (event: GatehouseEvent<T>) => void): () => void {
    // A function of its own for each subscription: the same handler may be added twice and removed once.
    const own: Handler = (event) => handler(event as GatehouseEvent<T>);
    for (const topic of topics) {
      const handlers = this.handlers.get(topic) ?? new Set();
      this.handlers.set(topic, handlers.add(own));
    }
    return () => {
      for (const topic of topics) this.handlers.get(topic)?.delete(own);
    };
  }

  /** A handler that fails must not keep the event from the others. */
  deliver(event: BusEvent): void {
    for (const handler of this.handlers.get(event.topic) ?? []) {
      try {
        handler(event);
      } catch (error) {
        this.logger.error(`a listener to ${event.topic} failed`, error);
      }
    }
  }
}
