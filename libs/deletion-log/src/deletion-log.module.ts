import { Global, Module } from '@nestjs/common';

import { Hold } from './lock/hold.entity.js';
import { Holds } from './lock/holds.js';
import { Ending, EndingsHead, EndingUnderWay, FollowedEndings } from './log/ending.entity.js';
import { EndingsLog } from './log/endings-log.js';
import { EndingsTables1700000000020 } from './tables/endings-tables.js';
import { EndingsUnderWay1700000000030 } from './tables/endings-under-way.js';

/** What `PersistenceModule` must be given for `DeletionLogModule`. */
export const deletionLogTables = {
  entities: [Ending, EndingsHead, FollowedEndings, EndingUnderWay, Hold],
  migrations: [EndingsTables1700000000020, EndingsUnderWay1700000000030],
} as const;

/** Needs a `Database` with `deletionLogTables`. */
@Global()
@Module({ providers: [EndingsLog, Holds], exports: [EndingsLog, Holds] })
export class DeletionLogModule {}
