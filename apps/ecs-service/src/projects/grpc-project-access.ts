import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type GrpcClient, GrpcClients, ProjectServiceService } from '@libs/grpc';

import { type ProjectAccess, ProjectAccessReader } from './project-access.js';

/** Short, because a keyed request waits for it inside its transaction. */
const deadlineMs = 1_000;

@Injectable()
export class GrpcProjectAccess extends ProjectAccessReader {
  constructor(private readonly clients: GrpcClients) {
    super();
  }

  override read(projectId: string): Promise<ProjectAccess> {
    return this.ask((projects) => projects.checkAccess({ projectId }, { deadlineMs }));
  }

  override async readable(projectIds: readonly string[]): Promise<string[]> {
    const asked = { projectIds: [...projectIds] };
    const { accesses } = await this.ask((projects) => projects.batchCheckAccess(asked, { deadlineMs }));
    return accesses.filter(({ canRead }) => canRead).map(({ projectId }) => projectId);
  }

  private async ask<T>(question: (projects: GrpcClient<typeof ProjectServiceService>) => Promise<T>): Promise<T> {
    try {
      return await question(this.clients.to('project-service', ProjectServiceService));
    } catch (error) {
      // Without an answer the door stays shut. That it is slow instead of down makes no difference to the caller.
      if (error instanceof Refusal && error.code === 'SERVICE_TIMEOUT') {
        throw new Refusal('SERVICE_UNAVAILABLE', { internal: 'project-service did not answer in time', cause: error });
      }
      throw error;
    }
  }
}
