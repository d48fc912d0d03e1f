import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import {
  CreateMailInvitation,
  MailInvitationPage,
  MailInvitationView,
  viewMailInvitation,
} from './mail-invitation.schema.js';
import { mailInvitationListing } from './mail-invitation-listing.js';
import { MailInvitationsService } from './mail-invitations.service.js';

@ApiTags('tenants')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Access('user')
@Controller('tenants/:id/mail-invitations')
export class TenantMailInvitationsController {
  constructor(private readonly invitations: MailInvitationsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listMailInvitations',
    summary: 'Lists the addresses that are invited, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 200, standardSchema: MailInvitationPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: mailInvitationListing.query }) query: ListQuery,
  ): Promise<MailInvitationPage> {
    const { items, nextPageToken } = await this.invitations.list(caller, id, query);
    return { items: items.map(viewMailInvitation), nextPageToken };
  }

  @Post()
  @ApiOperation({
    operationId: 'inviteByMail',
    summary: 'Sends an invitation to an address, with or without an account, for whoever may `members:manage`',
  })
  @ApiResponse({ status: 201, standardSchema: MailInvitationView })
  @ApiRefusal('RESOURCE_CONFLICT', 'the address is invited already')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another member')
  async create(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CreateMailInvitation }) body: CreateMailInvitation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailInvitationView> {
    const invitation = await this.invitations.create(caller, id, body);
    void reply.header('location', `/tenants/${id}/mail-invitations/${invitation.id}`);
    setEtag(reply, invitation.version);
    return viewMailInvitation(invitation);
  }

  @Delete(':invitationId')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'withdrawMailInvitation',
    summary: 'Takes an invitation back: its letter is of no use any more',
  })
  @ApiResponse({ status: 204 })
  async withdraw(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Param('invitationId', { schema: Id }) invitationId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.invitations.withdraw(caller, id, invitationId, expectedVersion);
  }
}
