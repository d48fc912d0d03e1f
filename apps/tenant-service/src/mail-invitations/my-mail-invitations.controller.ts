import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { OwnTenantView, viewOwnTenant } from '../memberships/own-tenant-view.js';
import { AcceptMailInvitation } from './mail-invitation.schema.js';
import { AcceptedMailInvitationsService } from './accepted-mail-invitations.service.js';
import { TokenTries } from './token-tries.js';

/** `::` is a colon in a route path. */
@ApiTags('users')
@ApiBearerAuth()
@Access('person')
@Controller('users/me')
export class MyMailInvitationsController {
  constructor(
    private readonly invitations: AcceptedMailInvitationsService,
    private readonly tries: TokenTries,
  ) {}

  @Post('mail-invitations::accept')
  // auth-service confirms the address in between, and writes here.
  @Idempotency('saga')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'acceptMailInvitation',
    summary: 'Makes the caller a member of the tenant that a letter invites to',
  })
  @ApiResponse({ status: 200, standardSchema: OwnTenantView })
  @ApiRefusal('ACCESS_DENIED', 'the account has confirmed another address')
  @ApiRefusal('RESOURCE_NOT_FOUND', 'used, taken back, too old, or never sent')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another member')
  @ApiRefusal('RATE_LIMITED', 'too many tokens')
  async accept(
    @CurrentIdentity() caller: Identity,
    @Body({ schema: AcceptMailInvitation }) { token }: AcceptMailInvitation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnTenantView> {
    await this.tries.spend(caller.userId);
    const own = await this.invitations.accept(caller, token);
    setEtag(reply, own.tenant.version, [own.membership.role]);
    return viewOwnTenant(own);
  }
}
