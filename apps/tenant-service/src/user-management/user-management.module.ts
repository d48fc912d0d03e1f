import { Module } from '@nestjs/common';

import { MembersModule } from '../members/members.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { TenantDeletionModule } from '../tenant-deletion/tenant-deletion.module.js';
import { UserExportsModule } from '../user-exports/user-exports.module.js';
import { UserImportsModule } from '../user-imports/user-imports.module.js';
import { UsersModule } from '../users/users.module.js';
import { UserInvitationController } from './user-invitation.controller.js';
import { UserInvitationService } from './user-invitation.service.js';
import { UserLifecycleController } from './user-lifecycle.controller.js';
import { UserLifecycleService } from './user-lifecycle.service.js';
import { UserPurgeService } from './user-purge.service.js';
import { UserGrpc } from './user.grpc.js';
import { UsersController } from './users.controller.js';

/** What operators do with users. */
@Module({
  imports: [
    UsersModule,
    MembersModule,
    OpenInvitationsModule,
    TenantDeletionModule,
    UserImportsModule,
    UserExportsModule,
  ],
  controllers: [UsersController, UserLifecycleController, UserInvitationController, UserGrpc],
  providers: [UserLifecycleService, UserPurgeService, UserInvitationService],
})
export class UserManagementModule {}
