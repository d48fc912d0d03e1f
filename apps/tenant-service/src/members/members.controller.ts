import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { memberListing } from '../memberships/member-listing.js';
import { MemberPage, MemberView, viewMember } from '../memberships/member-view.js';
import { MembersService } from '../memberships/members.service.js';
import { ChangeMember } from '../memberships/membership.schema.js';
import { MembershipsService } from './memberships.service.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants/:id/members')
export class MembersController {
  constructor(
    private readonly access: TenantAccess,
    private readonly members: MembersService,
    private readonly memberships: MembershipsService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listTenantMembers', summary: 'Lists the members of a tenant, for its members' })
  @ApiResponse({ status: 200, standardSchema: MemberPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: memberListing.query }) query: ListQuery,
  ): Promise<MemberPage> {
    await this.access.asMember(caller, id, 'members:read');
    const { items, nextPageToken } = await this.members.list(id, query);
    return { items: items.map(viewMember), nextPageToken };
  }

  @Get(':userId')
  @ApiOperation({ operationId: 'getTenantMember', summary: 'Reads a member of a tenant, for its members' })
  @ApiResponse({ status: 200, standardSchema: MemberView })
  async get(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    await this.access.asMember(caller, id, 'members:read');
    const member = await this.members.get(id, userId);
    setEtag(reply, member.membership.version, [member.user.username, member.user.displayName]);
    return viewMember(member);
  }

  @Patch(':userId')
  @ApiOperation({
    operationId: 'changeTenantMember',
    summary: 'Changes the role of a member, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 200, standardSchema: MemberView })
  @ApiRefusal('RESOURCE_CONFLICT', 'a tenant keeps an owner')
  async changeRole(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: ChangeMember }) { role }: ChangeMember,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    const place = { tenantId: id, userId };
    const member = await this.memberships.changeRole(caller, place, expectedVersion, role);
    setEtag(reply, member.membership.version, [member.user.username, member.user.displayName]);
    return viewMember(member);
  }

  @Access('person', 'user')
  @Delete(':userId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeTenantMember', summary: 'Sends a member away, or lets the caller leave' })
  @ApiResponse({ status: 204 })
  @ApiRefusal('RESOURCE_CONFLICT', 'a tenant keeps an owner')
  async remove(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.memberships.remove(caller, { tenantId: id, userId }, expectedVersion);
  }
}
