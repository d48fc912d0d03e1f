import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { GrpcClients, ProjectServiceService } from '@libs/grpc';

import { type ProjectAccess, ProjectAccessReader } from './project-access.js';

/** Short, because a keyed request waits for it inside its transaction. */
const deadlineMs = 1_000;

@Injectable()
export class GrpcProjectAccess extends ProjectAccessReader {
  constructor(private readonly clients: GrpcClients) {
    super();
  }

  override async read(projectId: string): Promise<ProjectAccess> {
    try {
      return await this.clients.to('project-service', ProjectServiceService).checkAccess({ projectId }, { deadlineMs });
    } catch (error) {
      // Without an answer the door stays shut. That it is slow instead of down makes no difference to the caller.
      if (error instanceof Refusal && error.code === 'SERVICE_TIMEOUT') {
        throw new Refusal('SERVICE_UNAVAILABLE', { internal: 'project-service did not answer in time', cause: error });
      }
      throw error;
    }
  }
}
