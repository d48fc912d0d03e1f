import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { requireSession } from '../caller/own-session.js';
import { StepUp } from '../step-up/step-up.js';
import { EmailAnswer, VerifyEmail } from './email-address.schema.js';
import { EmailAddressService } from './email-address.service.js';
import { EmailVerificationService } from './email-verification.service.js';

/** `::` is a colon in a route path. */
@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Controller('auth')
export class EmailAddressController {
  constructor(
    private readonly addresses: EmailAddressService,
    private readonly verification: EmailVerificationService,
    private readonly stepUp: StepUp,
  ) {}

  @Get('email')
  @ApiOperation({ operationId: 'getEmail', summary: 'Tells whether the e-mail address of the caller is confirmed' })
  @ApiResponse({ status: 200, standardSchema: EmailAnswer })
  get(@CurrentIdentity() { userId }: Identity): Promise<EmailAnswer> {
    return this.addresses.describe(userId);
  }

  @Post('email::send-verification')
  @HttpCode(202)
  @ApiOperation({ operationId: 'sendVerification', summary: 'Sends the letter that confirms the address once more' })
  @ApiResponse({ status: 202 })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'to replace an address that was confirmed')
  @ApiRefusal('RESOURCE_CONFLICT', 'the address is confirmed')
  @ApiRefusal('RATE_LIMITED', 'too many letters')
  async send(@CurrentIdentity() identity: Identity): Promise<void> {
    // To whoever has the confirmed address, forgotten passwords are sent.
    if (await this.addresses.replacesAnother(identity.userId)) await this.stepUp.require(identity);
    requireSession(identity);
    await this.addresses.sendVerification(identity.userId);
  }

  @Post('email::verify')
  @Access('anyone')
  @Idempotency('saga')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'verifyEmail',
    summary: 'Confirms an e-mail address with the token of a letter',
    description:
      'The first address that an account confirms ends its sessions, but for the one that this call is made in, its API ' +
      'keys and its second factors: somebody else may have made the account.',
  })
  @ApiResponse({ status: 204 })
  @ApiRefusal('AUTH_TOKEN_REJECTED', 'used, too old, or never sent')
  @ApiRefusal('RESOURCE_CONFLICT', 'somebody else has confirmed this address')
  @ApiRefusal('RATE_LIMITED', 'too many tokens from this address')
  async verify(
    @Body({ schema: VerifyEmail }) { token }: VerifyEmail,
    @Headers() headers: IncomingHttpHeaders,
    @CurrentIdentity() { userId, sessionId }: Identity,
  ): Promise<void> {
    await this.verification.verify(token, userId, { sessionId, address: clientOf(headers).address });
  }
}
