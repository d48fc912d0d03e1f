import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { ListQuery, type Page } from '@libs/persistence';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { ConfigVersionsService } from './config-versions.service.js';
import { type ConfigVersionView, viewConfigVersion } from './tenant-config-view.js';
import { ConfigKey, ConfigNumber } from './tenant-config.schema.js';

/** What a setting was, and who changed it. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/tenants/:id/config/:key/versions')
export class ConfigVersionsController {
  constructor(private readonly versions: ConfigVersionsService) {}

  @Get()
  async list(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: ConfigKey }) key: string,
    @Query({ schema: ListQuery }) query: ListQuery,
  ): Promise<Page<ConfigVersionView>> {
    const { items, nextPageToken } = await this.versions.list(id, key, query);
    return { items: items.map(viewConfigVersion), nextPageToken };
  }

  @Get(':number')
  async get(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: ConfigKey }) key: string,
    @Param('number', { schema: ConfigNumber }) number: number,
  ): Promise<ConfigVersionView & { readonly value: unknown }> {
    const { version, json } = await this.versions.get(id, key, number);
    return { ...viewConfigVersion(version), value: json === undefined ? null : JSON.parse(json) };
  }
}
