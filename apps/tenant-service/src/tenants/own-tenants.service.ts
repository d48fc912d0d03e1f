import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, newId } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { Membership } from '../memberships/membership.entity.js';
import { MembershipsService } from '../memberships/memberships.service.js';
import { requirePerson } from '../users/require-person.js';
import { type OwnTenant, TenantAccess } from './tenant-access.js';
import type { TenantFields, UpdateTenant } from './tenant.schema.js';
import { TenantsService } from './tenants.service.js';

/** One person needs no more, and a script that makes them by the thousand is stopped. */
const mostOwned = 100;

/** What users do with tenants of their own. */
@Injectable()
export class OwnTenantsService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
    private readonly memberships: MembershipsService,
    private readonly access: TenantAccess,
  ) {}

  create(caller: Identity, { name }: TenantFields): Promise<OwnTenant> {
    requirePerson(caller);
    return this.database.transaction(async (manager) => {
      const { userId } = caller;
      if ((await manager.countBy(Membership, { userId, role: 'owner' })) >= mostOwned) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: `One user owns at most ${mostOwned} tenants.` });
      }
      const { id } = await this.tenants.add(newId(), name);
      await this.memberships.add({ tenantId: id, userId }, 'owner');
      return this.access.asMember(caller, id);
    });
  }

  update(caller: Identity, id: string, version: number | undefined, fields: UpdateTenant): Promise<OwnTenant> {
    return this.database.transaction(async () => {
      const own = await this.access.permitted(caller, id, 'tenant:manage');
      return { ...own, tenant: await this.tenants.update(id, version, fields) };
    });
  }
}
