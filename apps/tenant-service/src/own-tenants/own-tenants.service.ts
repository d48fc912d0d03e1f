import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, newId, type Page, type PageRequest, type ExpectedVersion } from '@libs/persistence';
import { type Identity, isPerson } from '@libs/trusted-headers';

import { ownTenantListing } from './own-tenant-listing.js';
import { Membership } from '../memberships/membership.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';
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
    return this.listOf(caller.userId, request, isPerson(caller) ? undefined : caller.tenantId);
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

  /** The tenants that the user belongs to, or the one of them that is named. */
  private async listOf(
    userId: string,
    request: PageRequest,
    only?: string,
  ): Promise<Page<Pick<OwnTenant, 'tenant' | 'membership'>>> {
    const query = this.database.manager
      .createQueryBuilder(Tenant, 'tenant')
      .innerJoin(Membership, 'membership', 'membership.tenantId = tenant.id AND membership.userId = :userId', {
        userId,
      });
    if (only !== undefined) query.andWhere('tenant.id = :only', { only });
    const { items, nextPageToken } = await ownTenantListing.page(query, request);

    const tenantId = In(items.map(({ id }) => id));
    const memberships = await this.database.manager.findBy(Membership, { userId, tenantId });
    const membershipIn = new Map(memberships.map((membership) => [membership.tenantId, membership]));
    const own = items.flatMap((tenant) => {
      const membership = membershipIn.get(tenant.id);
      return membership === undefined ? [] : [{ tenant, membership }];
    });
    return { items: own, nextPageToken };
  }
}
