/** What the services tell one another, so that nobody has to ask again and again. */
export interface GatehouseEvents {
  'session.ended': { readonly sessionId: string; readonly userId: string };
  'api-key.revoked': { readonly apiKeyId: string; readonly userId: string };
  'api-key.changed': { readonly apiKeyId: string; readonly userId: string };
  'user.changed': { readonly userId: string };
  'user.deleted': { readonly userId: string };
  'membership.changed': { readonly userId: string; readonly tenantId: string };
  'tenant.changed': { readonly tenantId: string };
  'plan.changed': { readonly planKey: string };
  /** Wakes whoever follows the endings of a service; it names the kind only for people who watch. */
  'ending.recorded': { readonly kind: string };
  'signing-key.rotated': { readonly keyId: string };
  'configuration.published': { readonly publication: number; readonly version: number };
}

export type GatehouseTopic = keyof GatehouseEvents;

/** `key` is the id of what changed, `id` tells a repeated delivery, `time` is RFC 3339. */
export interface BusEvent {
  readonly topic: string;
  readonly key: string;
  readonly payload: unknown;
  readonly id: string;
  readonly time: string;
}

/** An event of one of the topics `T`; checking `topic` tells the payload. */
export type GatehouseEvent<T extends GatehouseTopic = GatehouseTopic> = {
  [K in T]: Omit<BusEvent, 'topic' | 'payload'> & { readonly topic: K; readonly payload: GatehouseEvents[K] };
}[T];

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
