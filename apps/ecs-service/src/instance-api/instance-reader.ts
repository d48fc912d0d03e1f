import { Injectable } from '@nestjs/common';

import type { Counts, Page } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import type { InstanceStatus } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';
import { InstancesRepository } from '../instances/instances.repository.js';
import { ProjectGate } from '../projects/project-gate.js';
import { instanceListing } from './instance-listing.js';
import type { ListInstances } from './instance.schema.js';
import { ReadableProjects } from './readable-projects.js';

/** Shows those of projects that the caller may read. */
@Injectable()
export class InstanceReader {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly gate: ProjectGate,
    private readonly readable: ReadableProjects,
  ) {}

  async list({ tenantId }: Identity, { projectId, ...query }: ListInstances): Promise<Page<Instance>> {
    if (projectId !== undefined) await this.gate.requireRead(projectId);
    const projectIds = projectId === undefined ? await this.readable.withInstances(tenantId) : [projectId];
    const [instances, narrowing] = this.instances.ofProjects(tenantId, projectIds);
    return instanceListing.page(instances, query, narrowing);
  }

  async get({ tenantId }: Identity, id: string): Promise<Instance> {
    const instance = await this.instances.get(tenantId, id);
    await this.gate.requireRead(instance.projectId);
    return instance;
  }

  count({ tenantId }: Identity): Promise<Counts<InstanceStatus>> {
    return this.instances.countByStatus(tenantId);
  }
}
