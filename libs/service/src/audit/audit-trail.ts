import type { AuditEvent } from '@libs/persistence';

/** Where audit events end up: in the chains of their tenants, each once however often it is appended. */
export abstract class AuditTrail {
  abstract append(events: readonly AuditEvent[]): Promise<void>;
}
