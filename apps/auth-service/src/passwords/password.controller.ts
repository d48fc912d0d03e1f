import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Idempotency } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { clientOf } from '../caller/client.js';
import { StepUp } from '../step-up/step-up.js';
import { ChangePassword } from './change-password.schema.js';
import { ChangePasswordService } from './change-password.service.js';
import { DuringPasswordChange } from '../credentials/password-change.guard.js';

@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Controller('auth')
export class PasswordController {
  constructor(
    private readonly passwords: ChangePasswordService,
    private readonly stepUp: StepUp,
  ) {}

  // A transaction would last as long as two passwords take to hash.
  @Post('password')
  @DuringPasswordChange()
  @Idempotency('saga')
  @HttpCode(204)
  @ApiOperation({ operationId: 'changePassword', summary: 'Changes the password and ends all other sessions' })
  @ApiResponse({ status: 204 })
  @ApiRefusal('REQUEST_INVALID', '`errors` names currentPassword if that is wrong')
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled')
  @ApiRefusal('RATE_LIMITED', 'too many wrong passwords; the delay grows')
  async change(
    @Body({ schema: ChangePassword }) body: ChangePassword,
    @CurrentIdentity() identity: Identity,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<void> {
    const { address } = clientOf(headers);
    const sessionId = await this.stepUp.requireIfEnrolled(identity);
    await this.passwords.change(body, { userId: identity.userId, sessionId, address });
  }
}
