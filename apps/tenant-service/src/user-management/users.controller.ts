import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type Page, type ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { EmailChangeService } from '../users/email-change.service.js';
import { CreateUser, ListUsers, SetUserStatus, UpdateUser } from '../users/user.schema.js';
import { type ManagedUserView, viewManagedUser } from '../users/user-view.js';
import { UsersService } from '../users/users.service.js';

/** User management. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly emails: EmailChangeService,
  ) {}

  @Get()
  async list(@Query({ schema: ListUsers }) { showDeleted, ...query }: ListUsers): Promise<Page<ManagedUserView>> {
    const { items, nextPageToken } = await this.users.list(query, showDeleted);
    return { items: items.map(viewManagedUser), nextPageToken };
  }

  @Post()
  async create(
    @Body({ schema: CreateUser }) body: CreateUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.users.create(body);
    void reply.header('location', `/internal/users/${user.id}`);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }

  @Get(':id')
  async get(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.users.get(id);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }

  @Patch(':id')
  async update(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateUser }) body: UpdateUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.emails.byOperator(id, expectedVersion, body);
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }

  @Put(':id/status')
  async setStatus(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetUserStatus }) { status }: SetUserStatus,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ManagedUserView> {
    const user = await this.users.update(id, expectedVersion, { status });
    setEtag(reply, user.version);
    return viewManagedUser(user);
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.users.delete(id, expectedVersion);
  }
}
