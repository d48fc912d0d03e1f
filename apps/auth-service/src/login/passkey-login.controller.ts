import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Header, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { TokensAnswer } from '../sessions/tokens.schema.js';
import { PasskeyCheck } from '../passkeys/passkey-check.js';
import { PasskeyLoginService } from './passkey-login.service.js';
import { PasskeyLogin, PasskeyOptions } from '../passkeys/passkey.schema.js';

/** `::` is a colon in a route path. */
@ApiTags('auth')
@Access('anyone')
@Idempotency('saga')
@Controller('auth')
export class PasskeyLoginController {
  constructor(
    private readonly passkeys: PasskeyCheck,
    private readonly logins: PasskeyLoginService,
  ) {}

  @Post('login::passkey-options')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'getPasskeyOptions', summary: 'Answers what an authenticator needs to use a passkey' })
  @ApiResponse({ status: 200, standardSchema: PasskeyOptions })
  options(): Promise<PasskeyOptions> {
    return this.passkeys.options();
  }

  @Post('login::passkey')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'loginWithPasskey', summary: 'Logs in with a passkey alone' })
  @ApiResponse({ status: 200, standardSchema: TokensAnswer })
  @ApiRefusal('ACCESS_USER_INACTIVE', 'the account was disabled')
  @ApiRefusal('AUTH_SECOND_FACTOR_FAILED', 'no passkey of anybody, or a used challenge')
  @ApiRefusal('RATE_LIMITED', 'too many attempts from this address')
  login(
    @Body({ schema: PasskeyLogin }) { response }: PasskeyLogin,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<TokensAnswer> {
    return this.logins.login(response, clientOf(headers));
  }
}
