import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { viewMailInvitation } from '../mail-invitations/mail-invitation.schema.js';
import { MailInvitationsService } from '../mail-invitations/mail-invitations.service.js';
import { Id } from '../ids/id.schema.js';
import { invitationListing } from './invitation-listing.js';
import { InvitationPage, InvitationView, viewInvitation } from './invitation-view.js';
import { CreateInvitation } from './invitation.schema.js';
import { NewInvitation } from './new-invitation.js';
import { TenantInvitationsService } from './tenant-invitations.service.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants/:id/invitations')
export class TenantInvitationsController {
  constructor(
    private readonly invitations: TenantInvitationsService,
    private readonly mailInvitations: MailInvitationsService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listTenantInvitations',
    summary: 'Lists the invitations of a tenant, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 200, standardSchema: InvitationPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: invitationListing.query }) query: ListQuery,
  ): Promise<InvitationPage> {
    const { items, nextPageToken } = await this.invitations.list(caller, id, query);
    return { items: items.map(viewInvitation), nextPageToken };
  }

  @Post()
  @ApiOperation({
    operationId: 'inviteToTenant',
    summary: 'Invites a user by user name or e-mail, for whoever may `members:manage`',
    description:
      'By e-mail it is what `POST /tenants/{id}/mail-invitations` is: whether somebody has the address is told to nobody.',
  })
  @ApiResponse({ status: 201, standardSchema: NewInvitation })
  @ApiRefusal('RESOURCE_NOT_FOUND', 'nobody has the name; `errors` names the field')
  @ApiRefusal('RESOURCE_CONFLICT', 'the user is a member, or invited, already')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another member')
  async create(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CreateInvitation }) body: CreateInvitation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewInvitation> {
    const { username, email = '', role } = body;
    if (username === undefined) {
      const mailed = await this.mailInvitations.create(caller, id, { email, role });
      void reply.header('location', `/tenants/${id}/mail-invitations/${mailed.id}`);
      setEtag(reply, mailed.version);
      return viewMailInvitation(mailed);
    }
    const created = await this.invitations.create(caller, id, { username, role });
    void reply.header('location', `/tenants/${id}/invitations/${created.invitation.id}`);
    setEtag(reply, created.invitation.version, [created.tenant.name, created.user.username]);
    return viewInvitation(created);
  }

  @Get(':invitationId')
  @ApiOperation({
    operationId: 'getTenantInvitation',
    summary: 'Reads an invitation of a tenant, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 200, standardSchema: InvitationView })
  async get(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('invitationId', { schema: Id }) invitationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationView> {
    const found = await this.invitations.get(caller, id, invitationId);
    setEtag(reply, found.invitation.version, [found.tenant.name, found.user.username]);
    return viewInvitation(found);
  }

  @Delete(':invitationId')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'withdrawTenantInvitation',
    summary: 'Takes an open invitation back, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 204 })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is answered already')
  async withdraw(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('invitationId', { schema: Id }) invitationId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.invitations.withdraw(caller, id, invitationId, expectedVersion);
  }
}
