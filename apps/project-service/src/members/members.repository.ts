import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
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

  /** Refused with RESOURCE_CHANGED unless it still has the expected version; undefined expects none in particular. */
  async remove({ id, tenantId }: ProjectMember, expectedVersion: number | undefined): Promise<void> {
    const seen = expectedVersion === undefined ? {} : { version: expectedVersion };
    const { affected } = await this.store.manager.delete(ProjectMember, { id, tenantId, ...seen });
    if (affected !== 1) throw new Refusal(expectedVersion === undefined ? 'RESOURCE_NOT_FOUND' : 'RESOURCE_CHANGED');
  }
}
