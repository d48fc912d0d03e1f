import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency } from '@libs/persistence';
import { ApiIdempotencyKey } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { toTenantAnswer, toUserAnswer } from '../accounts/account.schema.js';
import { clientOf } from '../sessions/client.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings.js';
import { adminUsername } from './admin-bootstrap.js';
import { nameTaken } from './name-taken.js';
import { Register, RegisteredAnswer } from './registration.schema.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('auth')
@Controller('auth')
export class RegistrationController {
  constructor(
    private readonly registrations: RegistrationService,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'adminEmail'>,
  ) {}

  @Post('register')
  @Access('anyone')
  @Idempotency('saga')
  @ApiIdempotencyKey()
  @ApiOperation({
    operationId: 'register',
    summary: 'Opens an account: a user and the tenant that the user owns',
    description: 'After a 503 the same request, sent again, goes on where the first one stopped.',
  })
  @ApiResponse({ status: 201, standardSchema: RegisteredAnswer })
  @ApiResponse({ status: 409, description: 'RESOURCE_NAME_TAKEN: `errors` names the field' })
  async register(
    @Body({ schema: Register }) body: Register,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredAnswer> {
    this.refuseAdminsNames(body);
    const { user, tenant } = await this.registrations.register(body, { address: clientOf(headers).address });
    reply.header('location', '/users/me');
    return { user: toUserAnswer(user), tenant: toTenantAnswer(tenant) };
  }

  /** Nobody may be faster than the first start of a new installation. */
  private refuseAdminsNames({ username, email }: Register): void {
    if (username === adminUsername) throw nameTaken('username');
    if (email === this.settings.adminEmail) throw nameTaken('email');
  }
}
