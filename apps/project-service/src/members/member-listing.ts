import { Listing } from '@libs/persistence';

import { memberRoles } from '../memberships/member-role.js';
import type { ProjectMember } from '../memberships/member.entity.js';

export const memberListing = new Listing<ProjectMember>({
  defaultOrder: 'createdAt asc',
  orderable: ['role', 'createdAt', 'updatedAt'],
  filterable: { userId: 'id', role: memberRoles },
  size: {
    scope: ['projectId'],
    walks: ['createdAt'],
    finds: ['userId'],
    named: { userId: 'uq_project_members_projectId_userId' },
  },
});
