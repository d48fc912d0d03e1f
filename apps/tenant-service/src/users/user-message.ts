import { type User as UserMessage, UserStatus } from '@libs/grpc';
import { etag } from '@libs/service';

import type { User } from './user.entity.js';

export const userMessage = (user: User): UserMessage => ({
  id: user.id,
  username: user.username,
  email: user.email,
  displayName: user.displayName,
  status: user.status === 'active' ? UserStatus.ACTIVE : UserStatus.DISABLED,
  platformRoles: user.platformRoles,
  createTime: user.createdAt,
  updateTime: user.updatedAt,
  etag: etag(user.version),
});
