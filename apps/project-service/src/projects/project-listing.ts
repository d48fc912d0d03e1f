import { Listing } from '@libs/persistence';

import type { Project } from './project.entity.js';
import { projectStatuses } from './project.schema.js';

export const projectListing = new Listing<Project>({
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'status', 'createdAt', 'updatedAt'],
  filterable: {
    name: 'text',
    description: 'text',
    status: projectStatuses,
    ownerId: 'id',
    createdAt: 'time',
    updatedAt: 'time',
  },
  size: {
    scope: ['tenantId', 'deletedAt'],
    walks: ['name', 'status', 'createdAt', 'updatedAt'],
    finds: ['ownerId'],
  },
});
