import { Module } from '@nestjs/common';

import { followOwnEndings } from '@libs/deletion-log';

import { MembersModule } from '../members/members.module.js';
import { MembershipsModule } from '../memberships/memberships.module.js';
import { AfterOwnEnding } from './after-own-ending.js';
import { TenantBelongings } from './tenant-belongings.js';
import { TenantDeletionService } from './tenant-deletion.service.js';

/** The end of a tenant, with all that belongs to it. */
@Module({
  imports: [MembershipsModule, MembersModule],
  providers: [
    TenantBelongings,
    TenantDeletionService,
    AfterOwnEnding,
    followOwnEndings('tenant-service', AfterOwnEnding),
  ],
  exports: [TenantDeletionService],
})
export class TenantDeletionModule {}
