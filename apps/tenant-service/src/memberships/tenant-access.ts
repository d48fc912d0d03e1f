import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';
import { covers, type Identity, isPerson, narrowed } from '@libs/trusted-headers';

import { Membership } from './membership.entity.js';
import { permissionsOfBuiltIn, type Standing } from '../roles/roles.js';
import { TenantRole } from '../roles/tenant-role.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';

export interface OwnTenant extends Standing {
  readonly tenant: Tenant;
  readonly membership: Membership;
}

/**
 * What a user may do in a tenant is read from the memberships each time: the roles in the sealed headers belong to the
 * tenant of the call, which need not be the one in the path.
 */
@Injectable()
export class TenantAccess {
  constructor(private readonly database: Database) {}

  async find(userId: string, tenantId: string): Promise<OwnTenant | undefined> {
    const { manager } = this.database;
    const membership = await manager.findOneBy(Membership, { tenantId, userId });
    const tenant = membership === null ? null : await manager.findOneBy(Tenant, { id: tenantId });
    if (membership === null || tenant === null) return undefined;
    const { role } = membership;
    return { tenant, membership, role, permissions: await this.permissionsOf(tenantId, role) };
  }

  /** A tenant that does not exist and one that the user is not in are refused alike. */
  async asMember(caller: Identity, tenantId: string, permission?: string): Promise<OwnTenant> {
    const own = isForOther(caller, tenantId) ? undefined : await this.find(caller.userId, tenantId);
    if (own === undefined) throw new Refusal('ACCESS_TENANT_DENIED');
    const permissions = isPerson(caller) ? own.permissions : narrowed(own.permissions, caller.scopes);
    if (permission !== undefined && !covers(permissions, permission)) throw new Refusal('ACCESS_DENIED');
    if (permission !== undefined) refuseUnproven(own.tenant, caller);
    return { ...own, permissions };
  }

  /** For what changes something, which takes an active tenant. */
  async permitted(caller: Identity, tenantId: string, permission: string): Promise<OwnTenant> {
    const own = await this.asMember(caller, tenantId, permission);
    if (own.tenant.status !== 'active') throw new Refusal('ACCESS_TENANT_INACTIVE');
    return own;
  }

  /** What a role of this tenant is; refused where there is none of that name. */
  async standingOf(tenantId: string, role: string): Promise<Standing> {
    const standing = await this.standing(tenantId, role);
    if (standing !== undefined) return standing;
    throw new Refusal('REQUEST_INVALID', {
      errors: [{ field: 'role', code: 'UNKNOWN', message: 'The tenant has no such role' }],
    });
  }

  async standing(tenantId: string, role: string): Promise<Standing | undefined> {
    const permissions = permissionsOfBuiltIn(role) ?? (await this.ownRole(tenantId, role))?.permissions;
    return permissions && { role, permissions };
  }

  /** A role that is not there allows nothing. */
  private async permissionsOf(tenantId: string, role: string): Promise<readonly string[]> {
    return permissionsOfBuiltIn(role) ?? (await this.ownRole(tenantId, role))?.permissions ?? [];
  }

  private ownRole(tenantId: string, name: string): Promise<TenantRole | null> {
    return this.database.manager.findOneBy(TenantRole, { tenantId, name });
  }
}

/** How a caller has proved who they are is checked by the gateway, for the tenant that the call is made in. */
function refuseUnproven({ id, requireSecondFactor }: Tenant, { authMethod, tenantId }: Identity): void {
  if (requireSecondFactor !== true || authMethod === 'api-key' || tenantId === id) return;
  throw new Refusal('ACCESS_SECOND_FACTOR_REQUIRED', { detail: 'Name this tenant in X-Tenant-Id.' });
}

/** An API key was made for one tenant, whatever else its owner may do. */
const isForOther = ({ authMethod, tenantId }: Identity, wanted: string): boolean =>
  authMethod === 'api-key' && tenantId !== wanted;
