import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ListQuery, type Page, type ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { type TenantConfigView, viewTenantConfig } from './tenant-config-view.js';
import { ConfigKey, SetTenantConfig } from './tenant-config.schema.js';
import { TenantConfigsService } from './tenant-configs.service.js';

/** The settings of any tenant. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/tenants/:id/config')
export class TenantConfigsController {
  constructor(private readonly configs: TenantConfigsService) {}

  @Get()
  async list(
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: ListQuery }) query: ListQuery,
  ): Promise<Page<TenantConfigView>> {
    const { items, nextPageToken } = await this.configs.list(id, query);
    return { items: items.map(viewTenantConfig), nextPageToken };
  }

  @Get(':key')
  async get(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: ConfigKey }) key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantConfigView> {
    const read = await this.configs.get(id, key);
    setEtag(reply, read.config.version);
    return viewTenantConfig(read);
  }

  @Put(':key')
  async set(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: ConfigKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetTenantConfig }) body: SetTenantConfig,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantConfigView> {
    const set = await this.configs.set(id, key, expectedVersion, body);
    if (set.isNew) void reply.status(201).header('location', `/internal/tenants/${id}/config/${key}`);
    setEtag(reply, set.config.version);
    return viewTenantConfig(set);
  }

  @Delete(':key')
  @HttpCode(204)
  async delete(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: ConfigKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.configs.delete(id, key, expectedVersion);
  }
}
