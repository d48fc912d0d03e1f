import { invalidField } from '@libs/errors';
import {
  type BatchCheckAccessRequest,
  type BatchCheckAccessResponse,
  type CheckAccessRequest,
  type CheckAccessResponse,
  type GetProjectRequest,
  type GetProjectResponse,
  type GrpcHandlers,
  GrpcService,
  ProjectServiceService,
  ProjectStatus,
} from '@libs/grpc';
import { etag } from '@libs/service';
import { Access, currentContext } from '@libs/trusted-headers';

import { noAccess } from './project-access.js';
import type { Project } from './project.entity.js';
import { ProjectsService } from './projects.service.js';

const maxProjects = 500;

@Access('user')
@GrpcService(ProjectServiceService)
export class ProjectsGrpc implements GrpcHandlers<typeof ProjectServiceService> {
  constructor(private readonly projects: ProjectsService) {}

  @Access({ permission: 'projects:read' })
  async getProject({ id }: GetProjectRequest): Promise<GetProjectResponse> {
    const { project } = await this.projects.get(currentContext().identity, id);
    return { project: toMessage(project) };
  }

  async checkAccess({ projectId }: CheckAccessRequest): Promise<CheckAccessResponse> {
    const found = await this.projects.find(currentContext().identity, projectId);
    const { canRead, canWrite } = found?.access ?? noAccess;
    return { canRead, canWrite, isArchived: found?.project.status === 'archived' };
  }

  async batchCheckAccess({ projectIds }: BatchCheckAccessRequest): Promise<BatchCheckAccessResponse> {
    if (projectIds.length > maxProjects) {
      throw invalidField('projectIds', 'TOO_LONG', `Send at most ${maxProjects} ids.`);
    }
    const found = await this.projects.accessTo(currentContext().identity, projectIds);
    const accesses = projectIds.map((projectId) => {
      const { canRead, canWrite } = found.get(projectId) ?? noAccess;
      return { projectId, canRead, canWrite };
    });
    return { accesses };
  }
}

const statuses = { active: ProjectStatus.ACTIVE, archived: ProjectStatus.ARCHIVED };

const toMessage = (project: Project) => ({
  id: project.id,
  tenantId: project.tenantId,
  name: project.name,
  description: project.description,
  status: statuses[project.status],
  ownerId: project.ownerId,
  createTime: project.createdAt,
  updateTime: project.updatedAt,
  etag: etag(project.version),
});
