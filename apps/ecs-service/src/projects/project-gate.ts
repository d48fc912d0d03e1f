import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { type ProjectAccess, ProjectAccessReader } from './project-access.js';

/** Asks project-service what the caller may do with a project; without an answer nothing is done. */
@Injectable()
export class ProjectGate {
  constructor(private readonly access: ProjectAccessReader) {}

  async requireRead(projectId: string): Promise<ProjectAccess> {
    const access = await this.access.read(projectId);
    if (!access.canRead) throw new Refusal('RESOURCE_NOT_FOUND');
    return access;
  }

  async requireWrite(projectId: string): Promise<ProjectAccess> {
    const access = await this.requireRead(projectId);
    if (!access.canWrite) throw new Refusal('ACCESS_DENIED');
    return access;
  }

  /** For what begins something new. */
  async requireWriteToLiving(projectId: string): Promise<void> {
    const { isArchived } = await this.requireWrite(projectId);
    if (isArchived) throw new Refusal('RESOURCE_ARCHIVED');
  }
}
