import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Header, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { TokensAnswer } from '../sessions/tokens.schema.js';
import { CompleteLogin } from './complete-login.schema.js';
import { CompleteLoginService } from './complete-login.service.js';

@ApiTags('auth')
@Controller('auth')
export class CompleteLoginController {
  constructor(private readonly service: CompleteLoginService) {}

  // In a transaction, refusing would undo that a code was used.
  @Post('login::complete')
  @Access('anyone')
  @Idempotency('saga')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'completeLogin', summary: 'Completes a login with a second factor' })
  @ApiResponse({ status: 200, standardSchema: TokensAnswer })
  @ApiRefusal('ACCESS_USER_INACTIVE', 'the account was disabled')
  @ApiRefusal('AUTH_SECOND_FACTOR_FAILED', 'wrong, or used before')
  @ApiRefusal('AUTH_CHALLENGE_REJECTED', 'log in again')
  @ApiRefusal('RATE_LIMITED', 'too many wrong codes; the delay grows')
  complete(
    @Body({ schema: CompleteLogin }) body: CompleteLogin,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<TokensAnswer> {
    return this.service.complete(body, clientOf(headers));
  }
}
