import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Audit, Database, EndingsLog, Outbox, VersionedRepository } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { Invitation } from '../invitations/invitation.entity.js';
import { MailInvitation } from '../mail-invitations/mail-invitation.entity.js';
import { DefaultTenants } from '../memberships/default-tenants.js';
import { Membership } from '../memberships/membership.entity.js';
import { holdMembers } from '../memberships/ownership.js';
import { TenantRole } from '../roles/tenant-role.entity.js';
import { TenantConfigVersion } from '../tenant-configs/config-version.entity.js';
import { TenantConfig } from '../tenant-configs/tenant-config.entity.js';
import { TenantAccess } from './tenant-access.js';
import { Tenant } from './tenant.entity.js';

/** What goes with a tenant here; the other services follow its ending. */
const belongings = [Membership, Invitation, MailInvitation, TenantRole, TenantConfig, TenantConfigVersion];

/** Deletes a tenant with all that belongs to it. Its row stays without its name, which may be a person's. */
@Injectable()
export class TenantDeletionService {
  private readonly tenants: VersionedRepository<Tenant>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly defaults: DefaultTenants,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly endings: EndingsLog,
  ) {
    this.tenants = new VersionedRepository(database, Tenant);
  }

  /** Nobody but an owner, and with nothing less than an owner's permissions. */
  async deleteOwn(caller: Identity, id: string, version: number | undefined): Promise<void> {
    const { role } = await this.access.permitted(caller, id, '*');
    if (role !== 'owner') throw new Refusal('ACCESS_DENIED');
    await this.delete(id, version);
  }

  delete(id: string, version: number | undefined): Promise<void> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, id);
      await this.tenants.update(id, version, { name: '', deletedAt: new Date() });
      const members = await manager.find(Membership, { where: { tenantId: id }, order: { userId: 'ASC' } });
      for (const entity of belongings) await manager.delete(entity, { tenantId: id });
      for (const { userId } of members) await this.defaults.left(userId, id);

      await this.audit.record({ action: 'tenant.deleted', target: id, tenantId: id });
      await this.outbox.add('tenant.changed', id, { tenantId: id });
      await this.endings.add({ kind: 'tenant', subjectId: id, tenantId: id });
    });
  }
}
