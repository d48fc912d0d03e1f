import { Module } from '@nestjs/common';

import { AuditTrail } from '@libs/audit';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditChains } from './audit-chains.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditReader } from './audit-reader.js';
import { AuditGrpc } from './audit.grpc.js';
import { ChainVerifier } from './chain-verifier.js';
import { InternalAuditController } from './internal-audit.controller.js';
import { TenantAuditController } from './tenant-audit.controller.js';

export const auditEntities = [AuditEntry, AuditChain] as const;

/** The audit trail. */
@Module({
  imports: [MembershipsModule],
  controllers: [TenantAuditController, InternalAuditController, AuditGrpc],
  providers: [AuditChains, { provide: AuditTrail, useExisting: AuditChains }, AuditReader, ChainVerifier],
  exports: [AuditTrail],
})
export class AuditModule {}
