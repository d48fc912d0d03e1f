import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  Outbox,
  type Page,
  type PageRequest,
  TenantRepository,
  agreedVersion,
  type ExpectedVersion,
} from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { Invitation } from '../open-invitations/invitation.entity.js';
import { InvitationEnds } from '../open-invitations/invitation-ends.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import { Membership } from '../memberships/membership.entity.js';
import { holdMembers } from '../memberships/ownership.js';
import { mayHandOut } from '../roles/roles.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import { TenantRole } from '../roles/tenant-role.entity.js';
import type { CreateTenantRole, UpdateTenantRole } from '../roles/tenant-role.schema.js';
import { tenantRoleListing } from './tenant-role-listing.js';

const mostRoles = 100;

/** The roles that a tenant makes for itself. Nobody puts more into one than they have themselves. */
@Injectable()
export class TenantRolesService {
  private readonly roles: TenantRepository<TenantRole>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly access: TenantAccess,
    private readonly audit: Audit,
    private readonly invitations: InvitationEnds,
  ) {
    this.roles = new TenantRepository(database, TenantRole);
  }

  async list(caller: Identity, tenantId: string, request: PageRequest): Promise<Page<TenantRole>> {
    await this.access.asMember(caller, tenantId, 'members:read');
    return tenantRoleListing.page(this.roles.query(tenantId, 'role'), request);
  }

  async get(caller: Identity, tenantId: string, name: string): Promise<TenantRole> {
    await this.access.asMember(caller, tenantId, 'members:read');
    return this.named(tenantId, name);
  }

  create(caller: Identity, tenantId: string, input: CreateTenantRole): Promise<TenantRole> {
    return this.editing(caller, tenantId, async (actor) => {
      refuseUnlessHeld(actor, input.permissions);
      if ((await this.roles.count(tenantId)) >= mostRoles) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: `A tenant has at most ${mostRoles} roles of its own.` });
      }
      await this.record('created', tenantId, input.name, input.permissions);
      return this.roles.insert({ id: newId(), tenantId, ...input }).catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error;
        throw new Refusal('RESOURCE_NAME_TAKEN', {
          errors: [{ field: 'name', code: 'TAKEN', message: 'The tenant has a role of this name' }],
        });
      });
    });
  }

  update(
    caller: Identity,
    tenantId: string,
    name: string,
    version: ExpectedVersion | undefined,
    change: UpdateTenantRole,
  ): Promise<TenantRole> {
    return this.editing(caller, tenantId, async (actor) => {
      const { id, permissions } = await this.named(tenantId, name);
      refuseUnlessHeld(actor, [...permissions, ...(change.permissions ?? [])]);
      const role = await this.roles.update(tenantId, id, version, change);
      await this.invitations.endThoseWithoutRight(tenantId);
      await this.outbox.add('tenant.changed', tenantId, { tenantId });
      await this.record('updated', tenantId, name, role.permissions);
      return role;
    });
  }

  async delete(caller: Identity, tenantId: string, name: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.editing(caller, tenantId, async (actor, manager) => {
      const role = await this.named(tenantId, name);
      refuseUnlessHeld(actor, role.permissions);
      if (await isHeld(manager, tenantId, name)) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: 'Members or open invitations have this role.' });
      }
      const seen = { id: role.id, version: agreedVersion(version, role.version) };
      if ((await this.roles.delete(tenantId, seen)) !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.record('deleted', tenantId, name, role.permissions);
    });
  }

  /** Whoever gives a role to somebody waits meanwhile, so that no role goes that is just being given. */
  private editing<T>(
    caller: Identity,
    tenantId: string,
    edit: (actor: OwnTenant, manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (manager) => {
      const actor = await this.access.permitted(caller, tenantId, 'roles:manage');
      await holdMembers(manager, tenantId);
      return edit(actor, manager);
    });
  }

  private record(what: 'created' | 'updated' | 'deleted', tenantId: string, name: string, permissions: string[]) {
    return this.audit.record({ action: `role.${what}`, target: name, tenantId, details: { permissions } });
  }

  private async named(tenantId: string, name: string): Promise<TenantRole> {
    const role = await this.roles.findOne(tenantId, { name });
    if (role === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return role;
  }
}

function refuseUnlessHeld(actor: OwnTenant, permissions: readonly string[]): void {
  if (!mayHandOut(actor, permissions)) {
    throw new Refusal('ACCESS_DENIED', { internal: 'a role with more than the caller has' });
  }
}

async function isHeld(manager: EntityManager, tenantId: string, role: string): Promise<boolean> {
  const byMember = await manager.existsBy(Membership, { tenantId, role });
  const isInvited = await manager.existsBy(Invitation, { tenantId, role, status: 'pending' });
  return byMember || isInvited || (await manager.existsBy(MailInvitation, { tenantId, role }));
}
