import { SealAtRest } from '@libs/persistence';

import type { TenantConfig } from './tenant-config.entity.js';

type Kept = Pick<TenantConfig, 'tenantId' | 'configKey' | 'valueJson'> & { readonly isSecret: boolean | null };

/** How a value is kept: as it is, or encrypted for its tenant and key, where no other row can use it. */
export class ConfigValues {
  private readonly seal: SealAtRest;

  constructor(encryptionKey: Buffer) {
    this.seal = new SealAtRest(encryptionKey, 'tenant-config');
  }

  keep(tenantId: string, configKey: string, json: string, isSecret: boolean): string {
    return isSecret ? this.seal.seal(placeOf(tenantId, configKey), json) : json;
  }

  read({ tenantId, configKey, valueJson, isSecret }: Kept): string {
    return isSecret === true ? this.seal.open(placeOf(tenantId, configKey), valueJson) : valueJson;
  }
}

const placeOf = (tenantId: string, configKey: string): string => `${tenantId} ${configKey}`;
