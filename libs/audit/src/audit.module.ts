import { Global, Module } from '@nestjs/common';

import { AuditOutbox1700000000010 } from './outbox/audit-outbox-table.js';
import { AuditOutboxRow } from './outbox/audit-outbox.entity.js';
import { Audit } from './outbox/audit.js';
import { AuditRelayLifecycle } from './trail/audit-relay-lifecycle.js';

/** What `PersistenceModule` must be given for `AuditModule`. */
export const auditTables = { entities: [AuditOutboxRow], migrations: [AuditOutbox1700000000010] } as const;

/** Needs a `Database` with `auditTables`. To be imported after `PersistenceModule`: what is imported later ends first. */
@Global()
@Module({ providers: [Audit, AuditRelayLifecycle], exports: [Audit] })
export class AuditModule {}
