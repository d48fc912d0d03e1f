import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ListQuery } from '@libs/persistence';
import { setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../id.schema.js';
import { TenantAccess } from './tenant-access.js';
import { OwnTenantPage, OwnTenantView, viewOwnTenant } from './tenant-view.js';
import { TenantsService } from './tenants.service.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly access: TenantAccess,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listTenants', summary: 'Lists the tenants that the caller belongs to' })
  @ApiResponse({ status: 200, standardSchema: OwnTenantPage })
  async list(
    @CurrentIdentity() { userId }: Identity,
    @Query({ schema: ListQuery }) query: ListQuery,
  ): Promise<OwnTenantPage> {
    const { items, nextPageToken } = await this.tenants.listOf(userId, query);
    return { items: items.map(viewOwnTenant), nextPageToken };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getTenant', summary: 'Reads a tenant that the caller belongs to' })
  @ApiResponse({ status: 200, standardSchema: OwnTenantView })
  async get(
    @CurrentIdentity() { userId }: Identity,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnTenantView> {
    const own = await this.access.asMember(userId, id);
    setEtag(reply, own.tenant.version);
    return viewOwnTenant(own);
  }
}
