import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Refusal } from '@libs/errors';
import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ownUser } from '../accounts/own-account.js';
import { clientOf } from '../caller/client.js';
import { requireSession } from '../caller/own-session.js';
import { StepUp } from '../step-up/step-up.js';
import { RecoveryCodesService } from './recovery-codes.service.js';
import { ConfirmTotp, NewTotpAnswer, RecoveryCodesAnswer, SecondFactorsAnswer } from './second-factor.schema.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { TotpService } from './totp.service.js';

const stepUpFirst = ApiRefusal('AUTH_STEP_UP_REQUIRED', 'prove once more who you are, then try again');

/** `::` is a colon in a route path. What waits for another service runs in no transaction. */
@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Idempotency('saga')
@Controller('auth')
export class SecondFactorController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly stepUp: StepUp,
    private readonly factors: SecondFactors,
    private readonly totp: TotpService,
    private readonly recoveryCodes: RecoveryCodesService,
  ) {}

  @Get('second-factors')
  @ApiOperation({ operationId: 'getSecondFactors', summary: 'Tells which second factors the caller has' })
  @ApiResponse({ status: 200, standardSchema: SecondFactorsAnswer })
  async get(@CurrentIdentity() identity: Identity): Promise<SecondFactorsAnswer> {
    requireSession(identity);
    const { totpConfirmedAt, ...counts } = await this.factors.of(identity.userId);
    return { totp: totpConfirmedAt === undefined ? null : { confirmedAt: totpConfirmedAt.toISOString() }, ...counts };
  }

  @Post('totp')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'beginTotp', summary: 'Makes the secret of an authenticator app, to be confirmed' })
  @ApiResponse({ status: 201, standardSchema: NewTotpAnswer })
  @stepUpFirst
  @ApiRefusal('RESOURCE_CONFLICT', 'there is an app already')
  async begin(
    @CurrentIdentity() identity: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewTotpAnswer> {
    await this.stepUp.require(identity);
    reply.header('location', '/auth/second-factors');
    return this.totp.begin(await ownUser(this.accounts, identity.userId));
  }

  @Post('totp::confirm')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'confirmTotp', summary: 'Makes an authenticator app count, with a first code of it' })
  @ApiResponse({ status: 200, standardSchema: RecoveryCodesAnswer })
  @ApiRefusal('REQUEST_INVALID', '`errors` names the code if it is wrong')
  @stepUpFirst
  @ApiRefusal('RATE_LIMITED', 'too many wrong codes; the delay grows')
  async confirm(
    @Body({ schema: ConfirmTotp }) { code }: ConfirmTotp,
    @CurrentIdentity() identity: Identity,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<RecoveryCodesAnswer> {
    const sessionId = await this.stepUp.require(identity);
    const user = await ownUser(this.accounts, identity.userId);
    return { recoveryCodes: await this.totp.confirm(user, code, sessionId, clientOf(headers).address) };
  }

  @Delete('totp')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeTotp', summary: 'Removes the authenticator app' })
  @ApiResponse({ status: 204 })
  @stepUpFirst
  @ApiRefusal('RESOURCE_NOT_FOUND', 'there is none')
  async remove(@CurrentIdentity() identity: Identity): Promise<void> {
    await this.stepUp.require(identity);
    await this.totp.remove(await ownUser(this.accounts, identity.userId));
  }

  @Post('recovery-codes')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'renewRecoveryCodes', summary: 'Makes new recovery codes; the old ones are void' })
  @ApiResponse({ status: 201, standardSchema: RecoveryCodesAnswer })
  @stepUpFirst
  @ApiRefusal('RESOURCE_CONFLICT', 'there is no second factor that they could stand for')
  async renew(
    @CurrentIdentity() identity: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodesAnswer> {
    await this.stepUp.require(identity);
    const recoveryCodes = await this.recoveryCodes.renew(await ownUser(this.accounts, identity.userId));
    if (recoveryCodes === undefined) throw new Refusal('RESOURCE_CONFLICT');
    reply.header('location', '/auth/second-factors');
    return { recoveryCodes };
  }
}
