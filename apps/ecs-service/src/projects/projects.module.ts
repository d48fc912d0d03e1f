import { Module } from '@nestjs/common';

import { GrpcProjectAccess } from './grpc-project-access.js';
import { ProjectAccessReader } from './project-access.js';
import { ProjectGate } from './project-gate.js';

/** What a caller may do in a project, which project-service says. */
@Module({
  providers: [{ provide: ProjectAccessReader, useClass: GrpcProjectAccess }, ProjectGate],
  exports: [ProjectAccessReader, ProjectGate],
})
export class ProjectsModule {}
