import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, TenantRepository, type ExpectedVersion, whereVersion } from '@libs/persistence';

import { ProjectMember } from './member.entity.js';

@Injectable()
export class MembersRepository extends TenantRepository<ProjectMember> {
  constructor(database: Database) {
    super(database, ProjectMember);
  }

  ofProject(tenantId: string, projectId: string, userId: string): Promise<ProjectMember | undefined> {
    return this.findOne(tenantId, { projectId, userId });
  }

  /** Refused with RESOURCE_CHANGED unless it still has the expected version; undefined expects none in particular. */
  async remove({ id, tenantId }: ProjectMember, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    const seen = whereVersion(expectedVersion);
    if ((await this.delete(tenantId, { id, ...seen })) !== 1)
      throw new Refusal(expectedVersion === undefined ? 'RESOURCE_NOT_FOUND' : 'RESOURCE_CHANGED');
  }
}
