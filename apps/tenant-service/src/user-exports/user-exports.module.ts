import { Module } from '@nestjs/common';

import { UsersModule } from '../users/users.module.js';
import { UserExportService } from './user-export.service.js';
import { UserExportsController } from './user-exports.controller.js';

/** Users as a table. */
@Module({
  imports: [UsersModule],
  controllers: [UserExportsController],
  providers: [UserExportService],
  exports: [UserExportService],
})
export class UserExportsModule {}
