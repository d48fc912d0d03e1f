import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Database, Outbox } from '@libs/persistence';

import { inLivingTenants } from '../memberships/living-tenants.js';
import { Membership } from '../memberships/membership.entity.js';
import { InvitationEnds } from '../open-invitations/invitation-ends.js';
import { TenantDeletionService } from '../tenant-deletion/tenant-deletion.service.js';
import { User } from '../users/user.entity.js';
import { deletedUser } from './deleted-user.js';

@Injectable()
export class UserPurgeService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDeletionService,
    private readonly invitations: InvitationEnds,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly endings: EndingsLog,
  ) {}

  /** Removes a deleted user for good, with the tenants of theirs alone, wherever something of them is left. */
  async purge(id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await deletedUser(manager, id);
      for (const { tenantId } of await inLivingTenants(manager, id).getMany()) {
        if ((await manager.countBy(Membership, { tenantId })) === 1) await this.tenants.delete(tenantId, undefined);
      }
      await manager.delete(Membership, { userId: id });
      const { emailKey } = await deletedUser(manager, id);
      await this.invitations.forget({ userId: id, emailKey });
      await manager.delete(User, { id });
      await this.outbox.add('user.deleted', id, { userId: id });
      await this.audit.record({ action: 'user.purged', target: id, tenantId: '' });
      await this.endings.add({ kind: 'purged-user', subjectId: id, tenantId: '' });
    });
  }
}
