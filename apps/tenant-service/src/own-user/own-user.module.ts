import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { UsersModule } from '../users/users.module.js';
import { MeController } from './me.controller.js';
import { OwnUserService } from './own-user.service.js';

/** What users change about themselves. */
@Module({
  imports: [UsersModule, MembershipsModule],
  controllers: [MeController],
  providers: [OwnUserService],
})
export class OwnUserModule {}
