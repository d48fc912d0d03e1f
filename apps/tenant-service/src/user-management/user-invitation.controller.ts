import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Idempotency } from '@libs/persistence';
import { setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { UserInvitationService } from './user-invitation.service.js';
import { InviteUser } from '../users/user.schema.js';
import { type ManagedUserView, viewManagedUser } from '../users/user-view.js';

/** `::` is a colon in a route path. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal')
export class UserInvitationController {
  constructor(private readonly invitations: UserInvitationService) {}

  // In a transaction, auth-service would not find the user whom it is to write to.
  @Post('users::invite')
  @Idempotency('saga')
  async invite(
    @Body({ schema: InviteUser }) body: InviteUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.invitations.invite(body);
    void reply.header('location', `/internal/users/${user.id}`);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }
}
