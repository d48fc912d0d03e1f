import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, newId, type Page, type PageRequest, type ExpectedVersion } from '@libs/persistence';
import { type Identity, isPerson } from '@libs/trusted-headers';

import { inLivingTenants } from '../memberships/living-tenants.js';
import { MembershipsService } from '../members/memberships.service.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import type { TenantFields, UpdateTenant } from '../tenants/tenant.schema.js';
import { TenantsService } from '../tenants/tenants.service.js';

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

  /** An API key was made for one tenant, and is told of no other. */
  list(caller: Identity, request: PageRequest): Promise<Page<Pick<OwnTenant, 'tenant' | 'membership'>>> {
    return this.tenants.listOf(caller.userId, request, isPerson(caller) ? undefined : caller.tenantId);
  }

  create(caller: Identity, { name }: TenantFields): Promise<OwnTenant> {
    return this.database.transaction(async (manager) => {
      const { userId } = caller;
      const owned = inLivingTenants(manager, userId).andWhere(`membership.role = 'owner'`);
      if ((await owned.getCount()) >= mostOwned) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: `One user owns at most ${mostOwned} tenants.` });
      }
      const { id } = await this.tenants.add(newId(), name);
      await this.memberships.add({ tenantId: id, userId }, 'owner');
      return this.access.asMember(caller, id);
    });
  }

  update(caller: Identity, id: string, version: ExpectedVersion | undefined, fields: UpdateTenant): Promise<OwnTenant> {
    return this.database.transaction(async () => {
      const own = await this.access.permitted(caller, id, 'tenant:manage');
      return { ...own, tenant: await this.tenants.update(id, version, fields) };
    });
  }
}
