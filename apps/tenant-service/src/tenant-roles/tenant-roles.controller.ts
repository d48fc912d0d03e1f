import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { tenantRoleListing } from './tenant-role-listing.js';
import { TenantRolePage, TenantRoleView, viewTenantRole } from './tenant-role-view.js';
import { CreateTenantRole, roleName, UpdateTenantRole } from '../roles/tenant-role.schema.js';
import { TenantRolesService } from './tenant-roles.service.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants/:id/roles')
export class TenantRolesController {
  constructor(private readonly roles: TenantRolesService) {}

  @Get()
  @ApiOperation({ operationId: 'listTenantRoles', summary: "Lists a tenant's own roles, for its members" })
  @ApiResponse({ status: 200, standardSchema: TenantRolePage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: tenantRoleListing.query }) query: ListQuery,
  ): Promise<TenantRolePage> {
    const { items, nextPageToken } = await this.roles.list(caller, id, query);
    return { items: items.map(viewTenantRole), nextPageToken };
  }

  @Post()
  @ApiOperation({
    operationId: 'createTenantRole',
    summary: 'Makes a role out of permissions that the caller has, for whoever may `roles:manage`',
  })
  @ApiResponse({ status: 201, standardSchema: TenantRoleView })
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'the tenant has a role of this name')
  @ApiRefusal('RESOURCE_CONFLICT', 'the tenant has as many roles as it may')
  async create(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CreateTenantRole }) body: CreateTenantRole,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantRoleView> {
    const role = await this.roles.create(caller, id, body);
    void reply.header('location', `/tenants/${id}/roles/${role.name}`);
    setEtag(reply, role.version);
    return viewTenantRole(role);
  }

  @Get(':role')
  @ApiOperation({ operationId: 'getTenantRole', summary: "Reads one of a tenant's own roles, for its members" })
  @ApiResponse({ status: 200, standardSchema: TenantRoleView })
  async get(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('role', { schema: roleName }) name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantRoleView> {
    const role = await this.roles.get(caller, id, name);
    setEtag(reply, role.version);
    return viewTenantRole(role);
  }

  @Patch(':role')
  @ApiOperation({
    operationId: 'updateTenantRole',
    summary: 'Changes what a role allows, for whoever may `roles:manage`; its members have it at once',
  })
  @ApiResponse({ status: 200, standardSchema: TenantRoleView })
  async update(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('role', { schema: roleName }) name: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateTenantRole }) body: UpdateTenantRole,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantRoleView> {
    const role = await this.roles.update(caller, id, name, expectedVersion, body);
    setEtag(reply, role.version);
    return viewTenantRole(role);
  }

  @Delete(':role')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteTenantRole',
    summary: 'Deletes a role that nobody has, for whoever may `roles:manage`',
  })
  @ApiResponse({ status: 204 })
  @ApiRefusal('RESOURCE_CONFLICT', 'members or open invitations have it')
  async delete(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('role', { schema: roleName }) name: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.roles.delete(caller, id, name, expectedVersion);
  }
}
