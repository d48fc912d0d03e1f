import type { Project } from './project.entity.js';
import type { ProjectView } from './project.schema.js';

export const viewProject = (project: Project): ProjectView => ({
  id: project.id,
  tenantId: project.tenantId,
  ownerId: project.ownerId === '' ? null : project.ownerId,
  name: project.name,
  description: project.description,
  status: project.status,
  createdAt: project.createdAt.toISOString(),
  updatedAt: project.updatedAt.toISOString(),
});
