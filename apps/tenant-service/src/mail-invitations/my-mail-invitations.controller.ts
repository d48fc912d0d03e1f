import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiIdempotencyKey } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { OwnTenantView, viewOwnTenant } from '../tenants/tenant-view.js';
import { AcceptMailInvitation } from './mail-invitation.schema.js';
import { MailInvitationsService } from './mail-invitations.service.js';
import { TokenTries } from './token-tries.js';

/** `::` is a colon in a route path. */
@ApiTags('users')
@ApiBearerAuth()
@Access('person')
@Controller('users/me')
export class MyMailInvitationsController {
  constructor(
    private readonly invitations: MailInvitationsService,
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
  @ApiIdempotencyKey()
  @ApiResponse({ status: 200, standardSchema: OwnTenantView })
  @ApiResponse({ status: 403, description: 'ACCESS_DENIED: the account has confirmed another address' })
  async accept(
    @CurrentIdentity() caller: Identity,
    @Body({ schema: AcceptMailInvitation }) { token }: AcceptMailInvitation,
  ): Promise<OwnTenantView> {
    await this.tries.spend(caller.userId);
    return viewOwnTenant(await this.invitations.accept(caller, token));
  }
}
