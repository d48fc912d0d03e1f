import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import { memberRoles } from '../memberships/member-role.js';

export const SetMember = z
  .strictObject({
    role: z.enum(memberRoles).meta({
      description:
        'Editors change the project, viewers read it. A new owner takes the place of the one before, who stays an editor: the owner hands it on, or whoever governs the projects of the tenant where the owner is gone.',
    }),
  })
  .meta({ id: 'SetProjectMember' });
export type SetMember = z.infer<typeof SetMember>;

export const MemberView = z
  .object({
    userId: z.uuid(),
    projectId: z.uuid(),
    role: z.enum(memberRoles),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ProjectMember' });
export type MemberView = z.infer<typeof MemberView>;

export const MemberPage = pageOf(MemberView, 'ProjectMemberPage');
export type MemberPage = z.infer<typeof MemberPage>;
