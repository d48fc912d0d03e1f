import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import type { Member } from './members.service.js';

/** What members may know of one another; an e-mail address is not part of it. */
export const MemberView = z
  .object({
    userId: z.uuid(),
    username: z.string(),
    displayName: z.string(),
    role: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'TenantMember' });
export type MemberView = z.infer<typeof MemberView>;

export const MemberPage = pageOf(MemberView, 'TenantMemberPage');
export type MemberPage = z.infer<typeof MemberPage>;

export const viewMember = ({ membership, user }: Member): MemberView => ({
  userId: user.id,
  username: user.username,
  displayName: user.displayName,
  role: membership.role,
  createdAt: membership.createdAt.toISOString(),
  updatedAt: membership.updatedAt.toISOString(),
});
