import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency, IdempotentRun } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { adminUsername } from './admin-bootstrap.js';
import { nameTaken } from './name-taken.js';
import { Register, RegisteredAnswer, toRegisteredAnswer } from './registration.schema.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('auth')
@Controller('auth')
export class RegistrationController {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly run: IdempotentRun,
  ) {}

  @Post('register')
  @Access('anyone')
  @Idempotency('saga')
  @ApiOperation({
    operationId: 'register',
    summary: 'Opens an account: a user and the tenant that the user owns',
    description:
      'After a 503 the same request, sent again, goes on where the first one stopped. Whether somebody has the e-mail ' +
      'address is told to nobody but its reader.',
  })
  @ApiResponse({ status: 201, standardSchema: RegisteredAnswer })
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'choose another user name')
  async register(
    @Body({ schema: Register }) body: Register,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredAnswer> {
    // Nobody may be faster than the first start of a new installation.
    if (body.username === adminUsername) throw nameTaken('username');
    const asker = { address: clientOf(headers).address };
    const opened = await this.registrations.register(body, asker, (account) => {
      reply.header('location', '/users/me');
      return this.run.concludeWith(toRegisteredAnswer(account));
    });
    return toRegisteredAnswer(opened);
  }
}
