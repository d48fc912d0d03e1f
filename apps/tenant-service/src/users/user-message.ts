import { type User as UserMessage, UserOrigin, UserStatus } from '@libs/grpc';
import { etag } from '@libs/service';

import { isEmailVerified } from './email-holder.js';
import type { User } from './user.entity.js';
import type { UserStatusName } from './user.schema.js';

const statuses: Record<UserStatusName, UserStatus> = {
  active: UserStatus.ACTIVE,
  disabled: UserStatus.DISABLED,
  invited: UserStatus.INVITED,
  locked: UserStatus.LOCKED,
  suspended: UserStatus.SUSPENDED,
};

const origins = { registration: UserOrigin.REGISTRATION, operator: UserOrigin.OPERATOR } as const;

export const userMessage = (user: User): UserMessage => ({
  id: user.id,
  username: user.username,
  email: user.email,
  emailVerified: isEmailVerified(user),
  origin: user.origin === null ? undefined : origins[user.origin],
  displayName: user.displayName,
  status: statuses[user.status],
  platformRoles: user.platformRoles,
  createTime: user.createdAt,
  updateTime: user.updatedAt,
  etag: etag(user.version),
  statusReason: user.statusReason ?? undefined,
  deleteTime: user.deletedAt ?? undefined,
});
