import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import { Database, Outbox, VersionedRepository, type ExpectedVersion } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { holdMembers } from '../memberships/ownership.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { TenantBelongings } from './tenant-belongings.js';
import { Tenant } from '../tenants/tenant.entity.js';

/** Deletes a tenant with all that belongs to it: what is too much for a transaction follows its ending here as well. Its row stays without its name, which may be a person's. */
@Injectable()
export class TenantDeletionService {
  private readonly tenants: VersionedRepository<Tenant>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly belongings: TenantBelongings,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly endings: EndingsLog,
  ) {
    this.tenants = new VersionedRepository(database, Tenant);
  }

  /** Nobody but an owner, and with nothing less than an owner's permissions. */
  async deleteOwn(caller: Identity, id: string, version: ExpectedVersion | undefined): Promise<void> {
    const { role } = await this.access.permitted(caller, id, '*');
    if (role !== 'owner') throw new Refusal('ACCESS_DENIED');
    await this.delete(id, version);
  }

  delete(id: string, version: ExpectedVersion | undefined): Promise<void> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, id);
      await this.tenants.update(id, version, { name: '', deletedAt: new Date() });
      await this.belongings.removeSome(id);

      await this.audit.record({ action: 'tenant.deleted', target: id, tenantId: id });
      await this.outbox.add('tenant.changed', id, { tenantId: id });
      await this.endings.add({ kind: 'tenant', subjectId: id, tenantId: id });
    });
  }
}
