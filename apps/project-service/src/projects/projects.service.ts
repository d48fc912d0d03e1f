import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  type Page,
  type ExpectedVersion,
  type PageRequest,
} from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import type { MemberRole } from '../memberships/member-role.js';
import { MembersRepository } from '../memberships/members.repository.js';
import { nameKey } from './name-key.js';
import { accessOf, governsProjects, type ProjectAccess } from './project-access.js';
import { projectListing } from './project-listing.js';
import { ProjectQuota } from './project-quota.js';
import type { Project } from './project.entity.js';
import type { CreateProject, UpdateProject } from './project.schema.js';
import { ProjectsRepository } from './projects.repository.js';

export interface AccessibleProject {
  readonly project: Project;
  readonly access: ProjectAccess;
}

@Injectable()
export class ProjectsService {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly members: MembersRepository,
    private readonly quota: ProjectQuota,
    private readonly endings: EndingsLog,
    private readonly audit: Audit,
  ) {}

  /** Nothing where the project does not exist, and where the caller may not know that it does. */
  async find(identity: Identity, id: string): Promise<AccessibleProject | undefined> {
    const project = await this.projects.findOne(identity.tenantId, { id });
    if (project === undefined) return undefined;

    const role = governsProjects(identity) ? undefined : await this.roleIn(identity, id);
    const access = accessOf(identity, role);
    return access.canRead ? { project, access } : undefined;
  }

  /** By id; a project that does not exist, or that the caller may not read, is not in it. */
  async accessTo(identity: Identity, ids: readonly string[]): Promise<ReadonlyMap<string, ProjectAccess>> {
    const { tenantId, userId } = identity;
    const projects = await this.projects.find(tenantId, { id: In(ids) });
    const memberships = governsProjects(identity)
      ? []
      : await this.members.find(tenantId, { userId, projectId: In(projects.map(({ id }) => id)) });
    const roles = new Map(memberships.map(({ projectId, role }) => [projectId, role]));
    const accesses = projects.map(({ id }) => [id, accessOf(identity, roles.get(id))] as const);
    return new Map(accesses.filter(([, { canRead }]) => canRead));
  }

  async get(identity: Identity, id: string): Promise<AccessibleProject> {
    const found = await this.find(identity, id);
    if (found === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return found;
  }

  list(identity: Identity, query: PageRequest): Promise<Page<Project>> {
    return projectListing.page(this.projects.ofTenant(identity), query, this.projects.visibleTo(identity));
  }

  async create(identity: Identity, fields: CreateProject): Promise<Project> {
    const { tenantId, userId } = identity;
    const most = await this.quota.most(tenantId);
    return refusingTakenName(() =>
      this.database.transaction(async () => {
        await this.quota.refuseBeyond(most, tenantId);
        const project = await this.projects.insert({
          id: newId(),
          tenantId,
          ownerId: userId,
          ...fields,
          livingNameKey: nameKey(fields.name),
          deletedAt: null,
        });
        await this.members.insert({ id: newId(), tenantId, projectId: project.id, userId, role: 'owner' });
        await this.audit.record({ action: 'project.created', target: project.id, details: { name: project.name } });
        return project;
      }),
    );
  }

  /** `expectedVersion` from If-Match; without it the last writer wins. */
  async update(
    identity: Identity,
    id: string,
    expectedVersion: ExpectedVersion | undefined,
    fields: UpdateProject,
  ): Promise<Project> {
    const patch = fields.name === undefined ? fields : { ...fields, livingNameKey: nameKey(fields.name) };
    return refusingTakenName(() =>
      this.database.transaction(async () => {
        const { project, access } = await this.get(identity, id);
        if (!access.canWrite) throw new Refusal('ACCESS_DENIED');
        if (fields.status !== 'active' && !isLifecycle(fields)) refuseArchived(project);
        await this.audit.record({ action: 'project.updated', target: id, details: { changed: Object.keys(fields) } });
        return this.projects.update(identity.tenantId, id, expectedVersion, patch);
      }),
    );
  }

  /** In the surrounding transaction, and for one of two who want it at once. */
  async changeOwner({ tenantId, id, version }: Project, ownerId: string): Promise<void> {
    await this.projects.update(tenantId, id, version, { ownerId });
    await this.audit.record({ action: 'project.handed-on', target: id, details: { userId: ownerId } });
  }

  async delete(identity: Identity, id: string, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async () => {
      const { access } = await this.get(identity, id);
      if (!access.canManage) throw new Refusal('ACCESS_DENIED');
      const gone = { deletedAt: new Date(), livingNameKey: null };
      await this.projects.update(identity.tenantId, id, expectedVersion, gone);
      await this.endings.add({ kind: 'project', subjectId: id, tenantId: identity.tenantId });
      await this.audit.record({ action: 'project.deleted', target: id });
    });
  }

  private async roleIn({ tenantId, userId }: Identity, projectId: string): Promise<MemberRole | undefined> {
    return (await this.members.ofProject(tenantId, projectId, userId))?.role;
  }
}

/** An archived project is read, deleted and made active again; what was in it may stop and leave, and nothing new begins. */
export function refuseArchived({ status }: Pick<Project, 'status'>): void {
  if (status === 'archived') throw new Refusal('RESOURCE_ARCHIVED');
}

/** Whoever archives what is archived has what they want. */
const isLifecycle = (fields: UpdateProject): boolean => Object.keys(fields).join() === 'status';

async function refusingTakenName<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = 'another project of this tenant has this name';
    throw new Refusal('RESOURCE_NAME_TAKEN', { errors: [{ field: 'name', code: 'TAKEN', message }], cause: error });
  }
}
