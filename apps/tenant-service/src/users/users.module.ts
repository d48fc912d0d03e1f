import { Module } from '@nestjs/common';

import { EmailChangeService } from './email-change.service.js';
import { EmailClaims } from './email-claims.js';
import { UserListeners } from './user-listeners.js';
import { User } from './user.entity.js';
import { UsersService } from './users.service.js';

export const usersEntities = [User] as const;

/** The users of the platform, and their addresses. */
@Module({
  providers: [UsersService, EmailClaims, EmailChangeService, UserListeners],
  exports: [UsersService, EmailChangeService, UserListeners],
})
export class UsersModule {}
