import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency, IdempotentRun } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { adminUsername } from '../registrations/admin-bootstrap.js';
import { nameTaken } from '../registrations/name-taken.js';
import { RegisteredAnswer, toRegisteredAnswer } from '../registrations/registration.schema.js';
import { clientOf } from '../caller/client.js';
import { AcceptInvitation } from './invitation.schema.js';
import { InvitationAcceptance } from './invitation-acceptance.js';

/** `::` is a colon in a route path. */
@ApiTags('auth')
@Access('anyone')
@Controller('auth')
export class InvitationController {
  constructor(
    private readonly invitations: InvitationAcceptance,
    private readonly run: IdempotentRun,
  ) {}

  @Post('invitation::accept')
  @Idempotency('saga')
  @ApiOperation({
    operationId: 'registerByInvitation',
    summary: 'Opens the account of somebody who was invited, with the token of the letter',
    description: 'After a 503 the same request, sent again, goes on where the first one stopped.',
  })
  @ApiResponse({ status: 201, standardSchema: RegisteredAnswer })
  @ApiRefusal('AUTH_TOKEN_REJECTED', 'used, replaced by a later letter, too old, or never sent')
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'choose another user name')
  @ApiRefusal('RATE_LIMITED', 'too many tokens from this address')
  async accept(
    @Body({ schema: AcceptInvitation }) body: AcceptInvitation,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredAnswer> {
    if (body.username === adminUsername) throw nameTaken('username');
    const opened = await this.invitations.accept(body, clientOf(headers).address, (account) => {
      reply.header('location', '/users/me');
      return this.run.concludeWith(toRegisteredAnswer(account));
    });
    return toRegisteredAnswer(opened);
  }
}
