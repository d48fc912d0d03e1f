import { Listing } from '@libs/persistence';

import { instanceStatuses } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';

export const instanceListing = new Listing<Instance>({
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'status', 'createdAt', 'updatedAt'],
  filterable: {
    name: 'text',
    status: instanceStatuses,
    projectId: 'id',
    flavor: 'text',
    image: 'text',
    createdAt: 'time',
    updatedAt: 'time',
  },
  size: {
    scope: ['tenantId', 'deletedAt'],
    walks: ['name', 'status', 'createdAt', 'updatedAt'],
    finds: ['projectId'],
  },
});
