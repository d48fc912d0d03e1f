import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Refusal } from '@libs/errors';
import { Idempotency, type ListQuery } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ownUser } from '../accounts/own-account.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { SecurityLog } from '../security-events/security-log.js';
import { requireSession } from '../caller/own-session.js';
import { StepUp } from '../step-up/step-up.js';
import { PasskeyRegistrationService } from './passkey-registration.service.js';
import {
  AddPasskey,
  NewPasskeyAnswer,
  PasskeyList,
  PasskeyOptions,
  toPasskeyAnswer,
} from '../passkeys/passkey.schema.js';
import { passkeyListing, PasskeyStore } from '../passkeys/passkey.store.js';

const stepUpFirst = ApiRefusal('AUTH_STEP_UP_REQUIRED', 'prove once more who you are, then try again');

/** `::` is a colon in a route path. What waits for another service runs in no transaction. */
@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Idempotency('saga')
@Controller('auth')
export class PasskeyController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly stepUp: StepUp,
    private readonly factors: SecondFactors,
    private readonly registrations: PasskeyRegistrationService,
    private readonly passkeys: PasskeyStore,
    private readonly log: SecurityLog,
  ) {}

  @Post('passkeys::begin')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'beginPasskey', summary: 'Answers what an authenticator needs to make a passkey' })
  @ApiResponse({ status: 200, standardSchema: PasskeyOptions })
  @ApiRefusal('RESOURCE_CONFLICT', 'there are as many as one may have')
  @stepUpFirst
  async begin(@CurrentIdentity() identity: Identity): Promise<PasskeyOptions> {
    await this.stepUp.require(identity);
    return this.registrations.begin(await ownUser(this.accounts, identity.userId));
  }

  @Post('passkeys')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'addPasskey', summary: 'Adds a passkey that an authenticator has made' })
  @ApiResponse({ status: 201, standardSchema: NewPasskeyAnswer })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'prove once more who you are, then try again')
  @ApiRefusal('RESOURCE_CONFLICT', 'there are as many as one may have')
  @ApiRefusal('AUTH_CHALLENGE_REJECTED', 'begin again')
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'it was added before')
  async add(
    @Body({ schema: AddPasskey }) body: AddPasskey,
    @CurrentIdentity() identity: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewPasskeyAnswer> {
    const sessionId = await this.stepUp.require(identity);
    const user = await ownUser(this.accounts, identity.userId);
    const { passkey, recoveryCodes } = await this.registrations.add(user, sessionId, body);
    reply.header('location', '/auth/passkeys');
    return { ...toPasskeyAnswer(passkey), recoveryCodes };
  }

  @Get('passkeys')
  @ApiOperation({ operationId: 'listPasskeys', summary: 'Lists the passkeys of the caller' })
  @ApiResponse({ status: 200, standardSchema: PasskeyList })
  async list(
    @Query({ schema: passkeyListing.query }) query: ListQuery,
    @CurrentIdentity() identity: Identity,
  ): Promise<PasskeyList> {
    requireSession(identity);
    const { items, nextPageToken } = await passkeyListing.page(this.passkeys.allOf(identity.userId), query);
    return { items: items.map(toPasskeyAnswer), nextPageToken };
  }

  @Delete('passkeys/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removePasskey', summary: 'Removes a passkey of the caller' })
  @ApiResponse({ status: 204 })
  @stepUpFirst
  async remove(@Param('id') id: string, @CurrentIdentity() identity: Identity): Promise<void> {
    await this.stepUp.require(identity);
    const user = await ownUser(this.accounts, identity.userId);
    const removed = await this.factors.remove(user, 'passkey-removed', async () => {
      if (!(await this.passkeys.delete(user.id, id))) return false;
      await this.log.note('passkey.removed', { user_id: user.id, subject: id });
      return true;
    });
    if (!removed) throw new Refusal('RESOURCE_NOT_FOUND');
  }
}
