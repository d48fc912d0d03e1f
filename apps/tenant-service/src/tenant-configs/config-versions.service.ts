import { Injectable } from '@nestjs/common';

import type { Page, PageRequest } from '@libs/persistence';

import { TenantsService } from '../tenants/tenants.service.js';
import { ConfigHistory } from './config-history.js';
import { ConfigValues } from './config-values.js';
import type { TenantConfigVersion } from './config-version.entity.js';

/** Reads back what the settings of a tenant were. */
@Injectable()
export class ConfigVersionsService {
  constructor(
    private readonly tenants: TenantsService,
    private readonly history: ConfigHistory,
    private readonly values: ConfigValues,
  ) {}

  async list(tenantId: string, configKey: string, request: PageRequest): Promise<Page<TenantConfigVersion>> {
    await this.tenants.get(tenantId);
    return this.history.list(tenantId, configKey, request);
  }

  /** `json` is undefined for the state of being deleted. */
  async get(tenantId: string, configKey: string, number: number) {
    await this.tenants.get(tenantId);
    const version = await this.history.get(tenantId, configKey, number);
    return { version, json: version.isDeleted ? undefined : this.values.read(version) };
  }
}
