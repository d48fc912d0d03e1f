import { Listing } from '@libs/persistence';

import type { AuditEntry } from './audit-entry.entity.js';

export const auditListing = new Listing<AuditEntry>({
  defaultOrder: 'sequence desc',
  orderable: ['sequence', 'time'],
  filterable: {
    action: 'text',
    target: 'id',
    outcome: ['done', 'refused'],
    reason: 'text',
    actorId: 'id',
    service: 'text',
    sessionId: 'id',
    apiKeyId: 'id',
    clientAddress: 'text',
    requestId: 'id',
    time: 'time',
    sequence: 'number',
  },
  size: {
    scope: ['tenantId'],
    walks: ['sequence', 'time'],
    named: {
      sequence: 'uq_audit_entries_tenantId_sequence',
      actorId: 'ix_audit_entries_tenantId_actorId_sequence',
      target: 'ix_audit_entries_tenantId_target_sequence',
    },
    finds: ['actorId', 'target'],
  },
});
