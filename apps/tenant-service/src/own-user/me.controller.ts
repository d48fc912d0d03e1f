import { Body, Controller, Get, Patch, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { OwnUserService } from './own-user.service.js';
import { UpdateMe } from '../users/user.schema.js';
import { UserView, viewUser } from '../users/user-view.js';
import { UsersService } from '../users/users.service.js';

@ApiTags('users')
@ApiBearerAuth()
@Access('person')
@Controller('users/me')
export class MeController {
  constructor(
    private readonly users: UsersService,
    private readonly ownUser: OwnUserService,
  ) {}

  @Access('person', { permission: 'members:read' })
  @Get()
  @ApiSecurity('api-key')
  @ApiOperation({ operationId: 'getOwnUser', summary: "Reads the caller's own user" })
  @ApiResponse({ status: 200, standardSchema: UserView })
  async get(
    @CurrentIdentity() { userId }: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserView> {
    const user = await this.users.get(userId);
    setEtag(reply, user.version);
    return viewUser(user);
  }

  @Patch()
  @ApiOperation({
    operationId: 'updateOwnUser',
    summary: "Changes the named fields of the caller's own user",
    description:
      'A new e-mail address waits until it is confirmed with the token of a message that goes there; until then `email` is ' +
      'the one before. `GET /auth/email` shows what waits. The answer is the same whether or not somebody has the address.',
  })
  @ApiResponse({ status: 200, standardSchema: UserView })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'for another e-mail address')
  @ApiRefusal('RATE_LIMITED', 'too many messages')
  async update(
    @CurrentIdentity() caller: Identity,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateMe }) body: UpdateMe,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserView> {
    const user = await this.ownUser.update(caller, expectedVersion, body);
    setEtag(reply, user.version);
    return viewUser(user);
  }
}
