import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { ownTenantListing } from './own-tenant-listing.js';
import { OwnTenantsService } from './own-tenants.service.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { TenantDeletionService } from '../tenant-deletion/tenant-deletion.service.js';
import { OwnTenantPage, OwnTenantView, viewOwnTenant } from '../memberships/own-tenant-view.js';
import { TenantFields, UpdateTenant } from '../tenants/tenant.schema.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly access: TenantAccess,
    private readonly own: OwnTenantsService,
    private readonly deletion: TenantDeletionService,
  ) {}

  @Access('person', 'user')
  @Get()
  @ApiOperation({ operationId: 'listTenants', summary: 'Lists the tenants that the caller belongs to' })
  @ApiResponse({ status: 200, standardSchema: OwnTenantPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Query({ schema: ownTenantListing.query }) query: ListQuery,
  ): Promise<OwnTenantPage> {
    const { items, nextPageToken } = await this.own.list(caller, query);
    return { items: items.map(viewOwnTenant), nextPageToken };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getTenant', summary: 'Reads a tenant that the caller belongs to' })
  @ApiResponse({ status: 200, standardSchema: OwnTenantView })
  async get(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnTenantView> {
    const own = await this.access.asMember(caller, id);
    setEtag(reply, own.tenant.version, [own.membership.role]);
    return viewOwnTenant(own);
  }

  @Access('person')
  @Post()
  @ApiOperation({ operationId: 'createTenant', summary: 'Makes a further tenant, owned by the caller' })
  @ApiResponse({ status: 201, standardSchema: OwnTenantView })
  @ApiRefusal('RESOURCE_CONFLICT', 'the caller owns as many tenants as one may')
  async create(
    @CurrentIdentity() caller: Identity,
    @Body({ schema: TenantFields }) body: TenantFields,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnTenantView> {
    const own = await this.own.create(caller, body);
    void reply.header('location', `/tenants/${own.tenant.id}`);
    setEtag(reply, own.tenant.version, [own.membership.role]);
    return viewOwnTenant(own);
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'updateTenant',
    summary: 'Changes the named fields of a tenant, for whoever may `tenant:manage`',
  })
  @ApiResponse({ status: 200, standardSchema: OwnTenantView })
  async update(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateTenant }) body: UpdateTenant,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnTenantView> {
    const own = await this.own.update(caller, id, expectedVersion, body);
    setEtag(reply, own.tenant.version, [own.membership.role]);
    return viewOwnTenant(own);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteTenant',
    summary: 'Deletes a tenant with its projects, instances, keys and memberships, for its owners',
  })
  @ApiResponse({ status: 204 })
  async delete(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.deletion.deleteOwn(caller, id, expectedVersion);
  }
}
