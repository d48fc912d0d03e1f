import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Database, type ExpectedVersion, Outbox, VersionedRepository } from '@libs/persistence';

import { Tenant } from './tenant.entity.js';
import type { TenantStatusName, UpdateTenant } from './tenant.schema.js';

const unset = { planKey: null, requireSecondFactor: null, membersRevision: 0 };

@Injectable()
export class TenantsService {
  private readonly tenants: VersionedRepository<Tenant>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {
    this.tenants = new VersionedRepository(database, Tenant);
  }

  get(id: string): Promise<Tenant> {
    return this.tenants.get(id);
  }

  find(id: string): Promise<Tenant | undefined> {
    return this.tenants.findOne({ id });
  }

  add(id: string, name: string): Promise<Tenant> {
    return this.database.transaction(async () => {
      const tenant = await this.tenants.insert({ id, name, status: 'active', ...unset });
      await this.outbox.add('tenant.changed', id, { tenantId: id });
      // Not by name: that of the first tenant is its owner's, and the trail outlives them.
      await this.audit.record({ action: 'tenant.created', target: id, tenantId: id });
      return tenant;
    });
  }

  update(
    id: string,
    expectedVersion: ExpectedVersion | undefined,
    fields: UpdateTenant & { readonly planKey?: string | null },
  ): Promise<Tenant> {
    return this.database.transaction(async () => {
      const tenant = await this.tenants.update(id, expectedVersion, fields);
      await this.outbox.add('tenant.changed', id, { tenantId: id });
      await this.audit.record({
        action: 'tenant.updated',
        target: id,
        tenantId: id,
        details: { what: Object.keys(fields) },
      });
      return tenant;
    });
  }

  setStatus(id: string, expectedVersion: ExpectedVersion | undefined, status: TenantStatusName): Promise<Tenant> {
    return this.database.transaction(async () => {
      const tenant = await this.tenants.update(id, expectedVersion, { status });
      await this.outbox.add('tenant.changed', id, { tenantId: id });
      await this.audit.record({ action: 'tenant.status-set', target: id, tenantId: id, details: { status } });
      return tenant;
    });
  }
}
