import { Controller, Get, Header } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { toTenantAnswer, toUserAnswer } from '../accounts/account.schema.js';
import { DuringPasswordChange } from '../credentials/password-change.guard.js';
import { MeAnswer, toSessionAnswer } from './session.schema.js';
import { SessionStore } from '../sessions/session.store.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiSecurity('api-key')
@Controller('auth')
export class MeController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly sessions: SessionStore,
  ) {}

  @Get('me')
  @DuringPasswordChange()
  @Access('person', { permission: 'members:read' })
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'getMe', summary: 'Tells who the caller is, in which tenant and with which roles' })
  @ApiResponse({ status: 200, standardSchema: MeAnswer })
  async getMe(@CurrentIdentity() { userId, tenantId, roles, sessionId }: Identity): Promise<MeAnswer> {
    const [account, session] = await Promise.all([
      this.accounts.find(userId, tenantId),
      sessionId === '' ? null : this.sessions.find(sessionId),
    ]);
    if (account === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { internal: 'the user is gone' });
    // Who works in no tenant is asked about by their own, which is not the one of this call.
    const worksIn = tenantId === '' ? undefined : account.tenant;
    return {
      user: toUserAnswer(account.user),
      tenant: worksIn === undefined ? null : toTenantAnswer(worksIn),
      roles: [...(worksIn === undefined ? roles : account.roles)],
      session: session === null ? null : toSessionAnswer(session, sessionId),
    };
  }
}
