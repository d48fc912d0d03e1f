import { Module } from '@nestjs/common';

import { MembersRepository } from './members.repository.js';

/** Who is in which project, and as what. */
@Module({
  providers: [MembersRepository],
  exports: [MembersRepository],
})
export class MembershipsModule {}
