import { Injectable } from '@nestjs/common';

import { invalidField } from '@libs/errors';

import { InstancesRepository } from '../instances/instances.repository.js';
import { ProjectAccessReader } from '../projects/project-access.js';

const maxProjects = 500;

/** For a list that names no project: those in which there is something to list and that the caller may read. */
@Injectable()
export class ReadableProjects {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly access: ProjectAccessReader,
  ) {}

  async withInstances(tenantId: string): Promise<string[]> {
    const projectIds = await this.instances.projectIds(tenantId, maxProjects + 1);
    if (projectIds.length > maxProjects) {
      throw invalidField(
        'projectId',
        'REQUIRED',
        `is needed in a tenant with instances in over ${maxProjects} projects`,
      );
    }
    return projectIds.length === 0 ? [] : this.access.readable(projectIds);
  }
}
