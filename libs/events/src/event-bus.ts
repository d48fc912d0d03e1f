import type { BusEvent, GatehouseEvent, GatehouseTopic } from './catalogue.js';

/**
 * Carries events to every process, at most once and without memory: who publishes keeps an event until
 * `publish` resolves, and who listens drops what it has derived when `onGap` tells that events may be lost.
 */
export abstract class EventBus {
  /** False while events may be passing by unheard. */
  abstract readonly connected: boolean;

  /** Rejects when the event was not handed over; trying again is the caller's part. */
  abstract publish(event: BusEvent): Promise<void>;

  /** Returns the function that ends the subscription. */
  abstract subscribe<T extends GatehouseTopic>(
    topics: readonly T[],
    handler: (event: GatehouseEvent<T>) => void,
  ): () => void;

  /** The listener is called once events are heard again after a time in which some may have been missed. */
  abstract onGap(listener: () => void): () => void;
}
