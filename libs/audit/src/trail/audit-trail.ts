import type { AuditEvent } from '../events/audit-event.js';

/** Where audit events end up: in the chains of their tenants, each once however often it is appended. */
export abstract class AuditTrail {
  abstract append(events: readonly AuditEvent[]): Promise<void>;
}
