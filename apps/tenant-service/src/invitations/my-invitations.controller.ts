import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ListQuery } from '@libs/persistence';
import { ApiRefusal, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { invitationListing } from './invitation-listing.js';
import { InvitationPage, InvitationView, viewInvitation } from './invitation-view.js';
import { MyInvitationsService } from './my-invitations.service.js';

/** `::` is a colon in a route path. The pattern in front of it ends the parameter there, which a name alone does not. */
const action = (verb: string): string => `:id(^[^:]+)::${verb}`;

@ApiTags('users')
@ApiBearerAuth()
@Access('person')
@Controller('users/me/invitations')
export class MyInvitationsController {
  constructor(private readonly invitations: MyInvitationsService) {}

  @Get()
  @ApiOperation({ operationId: 'listOwnInvitations', summary: 'Lists the invitations that the caller has got' })
  @ApiResponse({ status: 200, standardSchema: InvitationPage })
  async list(
    @CurrentIdentity() caller: Identity,
    @Query({ schema: invitationListing.query }) query: ListQuery,
  ): Promise<InvitationPage> {
    const { items, nextPageToken } = await this.invitations.list(caller.userId, query);
    return { items: items.map(viewInvitation), nextPageToken };
  }

  @Post(action('accept'))
  @HttpCode(200)
  @ApiOperation({ operationId: 'acceptInvitation', summary: 'Makes the caller a member of the tenant' })
  @ApiResponse({ status: 200, standardSchema: InvitationView })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is answered already')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another member')
  async accept(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationView> {
    const accepted = await this.invitations.accept(caller.userId, id);
    setEtag(reply, accepted.invitation.version, [accepted.tenant.name, accepted.user.username]);
    return viewInvitation(accepted);
  }

  @Post(action('decline'))
  @HttpCode(200)
  @ApiOperation({ operationId: 'declineInvitation', summary: 'Turns an invitation down' })
  @ApiResponse({ status: 200, standardSchema: InvitationView })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is answered already')
  async decline(
    @CurrentIdentity() caller: Identity,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationView> {
    const declined = await this.invitations.decline(caller.userId, id);
    setEtag(reply, declined.invitation.version, [declined.tenant.name, declined.user.username]);
    return viewInvitation(declined);
  }
}
