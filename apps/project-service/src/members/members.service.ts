import { Injectable } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';
import { Audit, Database, isUniqueViolation, Listing, type ListQuery, newId, type Page } from '@libs/persistence';
import { type Identity, isPerson } from '@libs/trusted-headers';

import { ProjectsService } from '../projects/projects.service.js';
import type { ProjectMember } from './member.entity.js';
import { memberRoles, type SetMember } from './member.schema.js';
import { MembersRepository } from './members.repository.js';
import { TenantMembers } from './tenant-members.js';

const listing = new Listing<ProjectMember>({
  defaultOrder: 'createdAt asc',
  orderable: ['role', 'createdAt', 'updatedAt'],
  filterable: { userId: 'id', role: memberRoles },
});

@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly projects: ProjectsService,
    private readonly tenantMembers: TenantMembers,
    private readonly audit: Audit,
  ) {}

  async list(identity: Identity, projectId: string, query: ListQuery): Promise<Page<ProjectMember>> {
    await this.projects.get(identity, projectId);
    const members = this.members
      .query(identity.tenantId, 'member')
      .andWhere('member.projectId = :projectId', { projectId });
    return listing.page(members, query);
  }

  async get(identity: Identity, projectId: string, userId: string): Promise<ProjectMember> {
    await this.projects.get(identity, projectId);
    const member = await this.members.ofProject(identity.tenantId, projectId, userId);
    if (member === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return member;
  }

  /** Adds a member or changes their role. Only somebody who belongs to the tenant can become a member. */
  async set(
    identity: Identity,
    projectId: string,
    userId: string,
    { role }: SetMember,
    expectedVersion: number | undefined,
  ): Promise<{ member: ProjectMember; isNew: boolean }> {
    await this.requireManager(identity, projectId);
    const known = await this.members.ofProject(identity.tenantId, projectId, userId);
    if (known === undefined) {
      if (expectedVersion !== undefined) throw new Refusal('RESOURCE_CHANGED');
      if (!(await this.tenantMembers.includes(identity.tenantId, userId))) {
        throw invalidField('userId', 'NOT_IN_TENANT', 'must be a member of the tenant');
      }
      const added = await this.add(identity.tenantId, projectId, userId, role);
      if (added !== undefined) return { member: added, isNew: true };
    }
    return { member: await this.changeRole(identity, projectId, userId, role, expectedVersion), isNew: false };
  }

  async remove(
    identity: Identity,
    projectId: string,
    userId: string,
    expectedVersion: number | undefined,
  ): Promise<void> {
    await this.database.transaction(async () => {
      // Whoever was let in may leave without asking; a key does not leave for its owner.
      if (userId !== identity.userId || !isPerson(identity)) await this.requireManager(identity, projectId);
      const member = await this.get(identity, projectId, userId);
      refuseOwner(member);
      await this.members.remove(member, expectedVersion);
      await this.record('removed', member);
    });
  }

  private record(what: 'added' | 'changed' | 'removed', { projectId, userId, role }: ProjectMember): Promise<void> {
    return this.audit.record({ action: `project-member.${what}`, target: projectId, details: { userId, role } });
  }

  private async requireManager(identity: Identity, projectId: string): Promise<void> {
    const { access } = await this.projects.get(identity, projectId);
    if (!access.canManage) throw new Refusal('ACCESS_DENIED');
  }

  /** Nothing where somebody else was quicker to add the same user. */
  private async add(
    tenantId: string,
    projectId: string,
    userId: string,
    role: SetMember['role'],
  ): Promise<ProjectMember | undefined> {
    try {
      return await this.database.transaction(async () => {
        const member = await this.members.insert({ id: newId(), tenantId, projectId, userId, role });
        await this.record('added', member);
        return member;
      });
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  private changeRole(
    identity: Identity,
    projectId: string,
    userId: string,
    role: SetMember['role'],
    expectedVersion: number | undefined,
  ): Promise<ProjectMember> {
    return this.database.transaction(async () => {
      const member = await this.get(identity, projectId, userId);
      refuseOwner(member);
      const changed = await this.members.update(identity.tenantId, member.id, expectedVersion, { role });
      await this.record('changed', changed);
      return changed;
    });
  }
}

function refuseOwner({ role }: ProjectMember): void {
  if (role === 'owner') throw new Refusal('RESOURCE_CONFLICT', { detail: 'The owner of a project stays its owner.' });
}
