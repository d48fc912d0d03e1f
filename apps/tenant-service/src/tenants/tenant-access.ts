import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';

import { Membership } from '../memberships/membership.entity.js';
import { managesMembers } from '../memberships/roles.js';
import { Tenant } from './tenant.entity.js';

export interface OwnTenant {
  readonly tenant: Tenant;
  readonly membership: Membership;
}

/**
 * Whether a user may enter a tenant is read from the memberships each time: the roles in the sealed headers belong to
 * the tenant of the call, which need not be the one in the path.
 */
@Injectable()
export class TenantAccess {
  constructor(private readonly database: Database) {}

  async find(userId: string, tenantId: string): Promise<OwnTenant | undefined> {
    const { manager } = this.database;
    const membership = await manager.findOneBy(Membership, { tenantId, userId });
    const tenant = membership === null ? null : await manager.findOneBy(Tenant, { id: tenantId });
    return membership === null || tenant === null ? undefined : { tenant, membership };
  }

  /** A tenant that does not exist and one that the user is not in are refused alike. */
  async asMember(userId: string, tenantId: string): Promise<OwnTenant> {
    const own = await this.find(userId, tenantId);
    if (own === undefined) throw new Refusal('ACCESS_TENANT_DENIED');
    return own;
  }

  async asManager(userId: string, tenantId: string): Promise<OwnTenant> {
    const own = await this.asMember(userId, tenantId);
    if (!managesMembers(own.membership.role)) throw new Refusal('ACCESS_DENIED');
    if (own.tenant.status !== 'active') throw new Refusal('ACCESS_TENANT_INACTIVE');
    return own;
  }
}
