import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { invalidField, Refusal } from '@libs/errors';
import { Database, isUniqueViolation, type ListQuery, newId, type Page, type ExpectedVersion } from '@libs/persistence';
import { type Identity, isPerson } from '@libs/trusted-headers';

import type { Project } from '../projects/project.entity.js';
import { ProjectsService, refuseArchived } from '../projects/projects.service.js';
import type { ProjectMember } from '../memberships/member.entity.js';
import type { SetMember } from './member.schema.js';
import { MembersRepository } from '../memberships/members.repository.js';
import { TenantMembers } from './tenant-members.js';
import { memberListing } from './member-listing.js';

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
    return memberListing.page(members, query);
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
    expectedVersion: ExpectedVersion | undefined,
  ): Promise<{ member: ProjectMember; isNew: boolean }> {
    refuseArchived(await this.requireManager(identity, projectId));
    if (role === 'owner') return this.handOn(identity, projectId, userId, expectedVersion);
    const known = await this.members.ofProject(identity.tenantId, projectId, userId);
    if (known === undefined) {
      if (expectedVersion !== undefined) throw new Refusal('RESOURCE_CHANGED');
      await this.requireInTenant(identity.tenantId, userId);
      const added = await this.add(identity.tenantId, projectId, userId, role);
      if (added !== undefined) return { member: added, isNew: true };
    }
    return { member: await this.changeRole(identity, projectId, userId, role, expectedVersion), isNew: false };
  }

  /** A project has one owner: in one transaction the new one comes and the one before, if there is any, becomes an editor. */
  private async handOn(
    identity: Identity,
    projectId: string,
    userId: string,
    expectedVersion: ExpectedVersion | undefined,
  ): Promise<{ member: ProjectMember; isNew: boolean }> {
    const { tenantId } = identity;
    await this.requireInTenant(tenantId, userId);
    const before = await this.members.findOne(tenantId, { projectId, role: 'owner' });
    if (before !== undefined && !(await this.mayHandOn(identity, before))) throw new Refusal('ACCESS_DENIED');

    return this.database.transaction(async () => {
      const { project } = await this.projects.get(identity, projectId);
      const known = await this.members.ofProject(tenantId, projectId, userId);
      if (known === undefined && expectedVersion !== undefined) throw new Refusal('RESOURCE_CHANGED');
      if (known?.role === 'owner') return { member: known, isNew: false };
      await this.projects.changeOwner(project, userId);
      if (before !== undefined) {
        await this.members.update(tenantId, before.id, before.version, { role: 'editor' });
      }
      const role = 'owner' as const;
      const member =
        known === undefined
          ? await this.members.insert({ id: newId(), tenantId, projectId, userId, role })
          : await this.members.update(tenantId, known.id, expectedVersion, { role });
      await this.record(known === undefined ? 'added' : 'changed', member);
      return { member, isNew: known === undefined };
    });
  }

  /** Nobody takes a project from an owner who is there. */
  private async mayHandOn(identity: Identity, { tenantId, userId }: ProjectMember): Promise<boolean> {
    return userId === identity.userId || !(await this.tenantMembers.includes(tenantId, userId));
  }

  private async requireInTenant(tenantId: string, userId: string): Promise<void> {
    if (await this.tenantMembers.includes(tenantId, userId)) return;
    throw invalidField('userId', 'NOT_IN_TENANT', 'must be a member of the tenant');
  }

  async remove(
    identity: Identity,
    projectId: string,
    userId: string,
    expectedVersion: ExpectedVersion | undefined,
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

  private async requireManager(identity: Identity, projectId: string): Promise<Project> {
    const { project, access } = await this.projects.get(identity, projectId);
    if (!access.canManage) throw new Refusal('ACCESS_DENIED');
    return project;
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
    expectedVersion: ExpectedVersion | undefined,
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
  if (role === 'owner')
    throw new Refusal('RESOURCE_CONFLICT', { detail: 'A project has an owner: make somebody else one first.' });
}
