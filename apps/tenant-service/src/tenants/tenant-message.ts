import { type Tenant as TenantMessage, TenantStatus } from '@libs/grpc';
import { etag } from '@libs/service';

import type { Tenant } from './tenant.entity.js';

export const tenantMessage = (tenant: Tenant): TenantMessage => ({
  id: tenant.id,
  name: tenant.name,
  status: tenant.status === 'active' ? TenantStatus.ACTIVE : TenantStatus.DISABLED,
  createTime: tenant.createdAt,
  updateTime: tenant.updatedAt,
  etag: etag(tenant.version),
  requireSecondFactor: tenant.requireSecondFactor ?? false,
});
