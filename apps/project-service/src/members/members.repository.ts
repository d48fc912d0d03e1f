import { Injectable } from '@nestjs/common';

import { Database, TenantRepository } from '@libs/persistence';

import { ProjectMember } from './member.entity.js';

@Injectable()
export class MembersRepository extends TenantRepository<ProjectMember> {
  constructor(private readonly store: Database) {
    super(store, ProjectMember);
  }

  ofProject(tenantId: string, projectId: string, userId: string): Promise<ProjectMember | undefined> {
    return this.findOne(tenantId, { projectId, userId });
  }

  async remove({ id, tenantId }: ProjectMember): Promise<void> {
    await this.store.manager.delete(ProjectMember, { id, tenantId });
  }
}
