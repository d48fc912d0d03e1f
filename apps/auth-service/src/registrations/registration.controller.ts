import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { toTenantAnswer, toUserAnswer } from '../accounts/account.schema.js';
import { clientOf } from '../sessions/client.js';
import { adminUsername } from './admin-bootstrap.js';
import { nameTaken } from './name-taken.js';
import { Register, RegisteredAnswer } from './registration.schema.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('auth')
@Controller('auth')
export class RegistrationController {
  constructor(private readonly registrations: RegistrationService) {}

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
    const { user, tenant } = await this.registrations.register(body, { address: clientOf(headers).address });
    reply.header('location', '/users/me');
    return { user: toUserAnswer(user), tenant: toTenantAnswer(tenant) };
  }
}
