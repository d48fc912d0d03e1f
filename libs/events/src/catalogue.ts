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
