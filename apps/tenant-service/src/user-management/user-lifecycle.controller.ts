import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import type { UserCommand } from './user-lifecycle.js';
import { UserLifecycleService } from './user-lifecycle.service.js';
import { UserPurgeService } from './user-purge.service.js';
import { StatusReason } from '../users/user.schema.js';
import { type ManagedUserView, viewManagedUser } from '../users/user-view.js';

/** `::` is a colon in a route path. The pattern in front of it ends the parameter there, which a name alone does not. */
const action = (verb: string): string => `:id(^[^:]+)::${verb}`;

/** The life of a user. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/users')
export class UserLifecycleController {
  constructor(
    private readonly lifecycle: UserLifecycleService,
    private readonly purges: UserPurgeService,
  ) {}

  @Post(action('activate'))
  @HttpCode(200)
  activate(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: StatusReason }) { reason }: StatusReason,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    return this.change(id, expectedVersion, 'activate', reason, reply);
  }

  @Post(action('lock'))
  @HttpCode(200)
  lock(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: StatusReason }) { reason }: StatusReason,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    return this.change(id, expectedVersion, 'lock', reason, reply);
  }

  @Post(action('suspend'))
  @HttpCode(200)
  suspend(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: StatusReason }) { reason }: StatusReason,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    return this.change(id, expectedVersion, 'suspend', reason, reply);
  }

  @Post(action('restore'))
  @HttpCode(200)
  async restore(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.lifecycle.restore(id);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }

  @Post(action('purge'))
  @HttpCode(204)
  async purge(@Param('id', { schema: Id }) id: string): Promise<void> {
    await this.purges.purge(id);
  }

  private async change(
    id: string,
    expectedVersion: ExpectedVersion | undefined,
    command: UserCommand,
    reason: string,
    reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.lifecycle.change(id, expectedVersion, command, reason);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }
}
