import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Header, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { requireSession } from '../caller/own-session.js';
import { StepUpAnswer, StepUpProof } from './step-up.schema.js';
import { StepUpService } from './step-up.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Controller('auth')
export class StepUpController {
  constructor(private readonly service: StepUpService) {}

  // A transaction would last as long as the password takes to hash.
  @Post('step-up')
  @Idempotency('saga')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'stepUp',
    summary: 'Proves once more who has the session, for what needs a recent proof',
    description: 'What was refused with AUTH_STEP_UP_REQUIRED goes through with the new access token.',
  })
  @ApiResponse({ status: 200, standardSchema: StepUpAnswer })
  @ApiRefusal('AUTH_SECOND_FACTOR_FAILED', 'wrong, used, or not one of `stepUp.methods`')
  @ApiRefusal('RATE_LIMITED', 'too many attempts; the delay grows')
  stepUp(
    @Body({ schema: StepUpProof }) proof: StepUpProof,
    @CurrentIdentity() identity: Identity,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<StepUpAnswer> {
    const { address } = clientOf(headers);
    const asker = { userId: identity.userId, sessionId: requireSession(identity), address };
    return this.service.prove(proof, identity.tenantId, asker);
  }
}
