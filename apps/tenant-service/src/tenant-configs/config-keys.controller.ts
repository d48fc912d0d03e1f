import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ListQuery, type Page, type ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { ConfigKey } from './tenant-config.schema.js';
import { type ConfigKeyView, viewConfigKey } from './config-key-view.js';
import { SetConfigKey } from './config-key.schema.js';
import { ConfigKeysService } from './config-keys.service.js';

/** What the settings of tenants may hold. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/config-keys')
export class ConfigKeysController {
  constructor(private readonly keys: ConfigKeysService) {}

  @Get()
  async list(@Query({ schema: ListQuery }) query: ListQuery): Promise<Page<ConfigKeyView>> {
    const { items, nextPageToken } = await this.keys.list(query);
    return { items: items.map(viewConfigKey), nextPageToken };
  }

  @Get(':key')
  async get(
    @Param('key', { schema: ConfigKey }) key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfigKeyView> {
    const found = await this.keys.get(key);
    setEtag(reply, found.version);
    return viewConfigKey(found);
  }

  @Put(':key')
  async set(
    @Param('key', { schema: ConfigKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetConfigKey }) body: SetConfigKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfigKeyView> {
    const set = await this.keys.set(key, expectedVersion, body);
    if (set.version === 1) void reply.status(201).header('location', `/internal/config-keys/${key}`);
    setEtag(reply, set.version);
    return viewConfigKey(set);
  }

  @Delete(':key')
  @HttpCode(204)
  async delete(
    @Param('key', { schema: ConfigKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.keys.delete(key, expectedVersion);
  }
}
