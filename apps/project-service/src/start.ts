import { readSettings } from '@libs/config';
import { ProjectEndingServiceService, ProjectServiceService } from '@libs/grpc';
import { type RunningService, startService } from '@libs/service';

import { ProjectServiceModule } from './project-service.module.js';
import { ProjectServiceSettings } from './settings.js';

export async function startProjectService(
  settings: ProjectServiceSettings = readSettings(ProjectServiceSettings),
): Promise<RunningService> {
  return startService({
    name: 'project-service',
    module: ProjectServiceModule.forRoot(settings),
    settings,
    grpc: { services: [ProjectServiceService, ProjectEndingServiceService] },
  });
}
