import { Module } from '@nestjs/common';

import { SecurityEventController } from './security-event.controller.js';
import { SecurityEventStore } from './security-event.store.js';
import { SecurityLog } from './security-log.js';

/** What matters for security: audited, logged, and shown to the owner of the account. */
@Module({
  controllers: [SecurityEventController],
  providers: [SecurityLog, SecurityEventStore],
  exports: [SecurityLog, SecurityEventStore],
})
export class SecurityEventsModule {}
