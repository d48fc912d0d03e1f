import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Audit } from '@libs/audit';
import { Database, type ListQuery } from '@libs/persistence';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { sendExport } from './audit-export.js';
import { auditListing } from './audit-listing.js';
import { AuditReader } from './audit-reader.js';
import { AuditPage, ExportQuery } from './audit-view.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants/:id/audit')
export class TenantAuditController {
  constructor(
    private readonly access: TenantAccess,
    private readonly reader: AuditReader,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listAuditEntries',
    summary: 'Lists who did what in a tenant, for whoever may `audit:read`',
    description: 'What was done a moment ago may take a second to appear.',
  })
  @ApiResponse({ status: 200, standardSchema: AuditPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: auditListing.query }) query: ListQuery,
  ): Promise<AuditPage> {
    await this.access.permitted(caller, id, 'audit:read');
    return this.reader.list(id, query);
  }

  @Get('export')
  @ApiOperation({
    operationId: 'exportAuditEntries',
    summary: 'Streams the audit trail of a tenant from its beginning, for whoever may `audit:read`',
  })
  @ApiResponse({
    status: 200,
    headers: { 'Cache-Control': {}, 'Content-Disposition': {} },
    content: { 'application/x-ndjson': { schema: { type: 'string' } }, 'text/csv': { schema: { type: 'string' } } },
  })
  async export(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: ExportQuery }) { format, filter }: ExportQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.access.permitted(caller, id, 'audit:read');
    const pages = this.reader.all(id, filter);
    await this.database.transaction(() =>
      this.audit.record({ action: 'audit.exported', target: id, tenantId: id, details: { format } }),
    );
    await sendExport(reply, format, pages);
  }
}
