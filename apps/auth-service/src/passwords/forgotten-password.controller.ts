import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { ForgotPassword, ResetPassword } from './forgotten-password.schema.js';
import { ForgottenPasswordService } from './forgotten-password.service.js';
import { ResetPasswordService } from './reset-password.service.js';

/** `::` is a colon in a route path. */
@ApiTags('auth')
@Access('anyone')
@Controller('auth')
export class ForgottenPasswordController {
  constructor(
    private readonly forgotten: ForgottenPasswordService,
    private readonly resets: ResetPasswordService,
  ) {}

  // In a transaction, the letter of a request that is answered already would wait for it.
  @Post('password::forgot')
  @Idempotency('saga')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'forgotPassword',
    summary: 'Sends a letter with a token to whoever has forgotten a password',
    description: 'The answer is the same whether or not there is such an account.',
  })
  @ApiResponse({ status: 202 })
  @ApiRefusal('RATE_LIMITED', 'too many requests from this address')
  async forgot(@Body({ schema: ForgotPassword }) { login }: ForgotPassword, @Headers() headers: IncomingHttpHeaders) {
    await this.forgotten.ask(login, clientOf(headers).address);
  }

  // A transaction would last as long as the password takes to hash.
  @Post('password::reset')
  @Idempotency('saga')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Sets a new password with the token of a letter, and ends all sessions',
  })
  @ApiResponse({ status: 204 })
  @ApiRefusal('AUTH_TOKEN_REJECTED', 'used, too old, or never sent')
  @ApiRefusal('RATE_LIMITED', 'too many tokens from this address')
  async reset(@Body({ schema: ResetPassword }) body: ResetPassword, @Headers() headers: IncomingHttpHeaders) {
    await this.resets.reset(body, clientOf(headers).address);
  }
}
