import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Header, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { Login, Refresh } from './login.schema.js';
import { LoginService } from './login.service.js';
import { RefreshService } from '../sessions/refresh.service.js';
import { TokensAnswer } from '../sessions/tokens.schema.js';

@ApiTags('auth')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly refreshes: RefreshService,
  ) {}

  // A transaction would last as long as the password takes to hash.
  @Post('login')
  @Access('anyone')
  @Idempotency('saga')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'login', summary: 'Logs in with a user name or an e-mail address' })
  @ApiResponse({ status: 200, standardSchema: TokensAnswer })
  @ApiRefusal('AUTH_SECOND_FACTOR_REQUIRED', 'the account has one: go on with `POST /auth/login:complete`')
  @ApiRefusal('AUTH_LOGIN_FAILED', 'which of both is not told')
  @ApiRefusal('ACCESS_USER_INACTIVE', 'the account was disabled')
  @ApiRefusal('RATE_LIMITED', 'too many wrong passwords; the delay grows')
  login(@Body({ schema: Login }) body: Login, @Headers() headers: IncomingHttpHeaders): Promise<TokensAnswer> {
    return this.logins.login(body, clientOf(headers));
  }

  // In a transaction, refusing a stolen token would undo the end of its session.
  @Post('refresh')
  @Access('anyone')
  @Idempotency('saga')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Exchanges a refresh token for new tokens',
    description:
      'A refresh token works once. Sent again within moments, it is answered with the same successor; ' +
      'later it ends the session: somebody else may have it.',
  })
  @ApiResponse({ status: 200, standardSchema: TokensAnswer })
  @ApiRefusal('ACCESS_USER_INACTIVE', 'the account was disabled')
  @ApiRefusal('AUTH_REFRESH_REJECTED', 'log in again')
  @ApiRefusal('RATE_LIMITED', 'too many wrong tokens from this address')
  refresh(
    @Body({ schema: Refresh }) { refreshToken }: Refresh,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<TokensAnswer> {
    return this.refreshes.refresh(refreshToken, clientOf(headers));
  }
}
