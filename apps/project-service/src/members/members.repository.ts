import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, TenantRepository, type ExpectedVersion, whereVersion } from '@libs/persistence';

import { ProjectMember } from './member.entity.js';

@Injectable()
export class MembersRepository extends TenantRepository<ProjectMember> {
  constructor(private readonly store: Database) {
    super(store, ProjectMember);
  }

  ofProject(tenantId: string, projectId: string, userId: string): Promise<ProjectMember | undefined> {
    return this.findOne(tenantId, { projectId, userId });
  }

  /** Refused with RESOURCE_CHANGED unless it still has the expected version; undefined expects none in particular. */
  async remove({ id, tenantId }: ProjectMember, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    const seen = whereVersion(expectedVersion);
    const { affected } = await this.store.manager.delete(ProjectMember, { id, tenantId, ...seen });
    if (affected !== 1) throw new Refusal(expectedVersion === undefined ? 'RESOURCE_NOT_FOUND' : 'RESOURCE_CHANGED');
  }
}
