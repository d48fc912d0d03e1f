export { AuditModule, auditTables } from './audit.module.js';
export type { AuditDetail, AuditDetails, AuditedAct, AuditEvent, RefusedAct } from './events/audit-event.js';
export { chained, type ChainedAuditEvent, chainHash, chainStart } from './events/chain-hash.js';
export { AuditOutboxRow } from './outbox/audit-outbox.entity.js';
export { Audit } from './outbox/audit.js';
export { AuditRelay } from './trail/audit-relay.js';
export { AuditTrail } from './trail/audit-trail.js';
