import { auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';

import { Instance } from '../instances/instance.entity.js';
import { Instances1700000001000 } from './migrations/1700000001000-instances.js';
import { LivingInstances1700000002000 } from './migrations/1700000002000-living-instances.js';
import { WalkedInstances1700000003000 } from './migrations/1700000003000-walked-instances.js';

/** The table of this service, in a schema of its own. */
export const ecsDatabase = {
  service: 'ecs',
  entities: [...auditTables.entities, ...deletionLogTables.entities, Instance],
  migrations: [
    ...auditTables.migrations,
    ...deletionLogTables.migrations,
    Instances1700000001000,
    LivingInstances1700000002000,
    WalkedInstances1700000003000,
  ],
} as const;
