import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { TenantDeletionService } from '../tenant-deletion/tenant-deletion.service.js';
import { type TenantView, viewTenant } from '../tenants/tenant-view.js';
import { SetTenantStatus } from '../tenants/tenant.schema.js';
import { TenantsService } from '../tenants/tenants.service.js';

/** Tenant management. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/tenants')
export class InternalTenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly deletion: TenantDeletionService,
  ) {}

  @Get(':id')
  async get(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantView> {
    const tenant = await this.tenants.get(id);
    setEtag(reply, tenant.version);
    return viewTenant(tenant);
  }

  @Put(':id/status')
  async setStatus(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetTenantStatus }) { status }: SetTenantStatus,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantView> {
    const tenant = await this.tenants.setStatus(id, expectedVersion, status);
    setEtag(reply, tenant.version);
    return viewTenant(tenant);
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.deletion.delete(id, expectedVersion);
  }
}
