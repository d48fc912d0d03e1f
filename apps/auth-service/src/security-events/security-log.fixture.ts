import type { Audit } from '@libs/audit';
import type { Database } from '@libs/persistence';

import type { SecurityEventStore } from './security-event.store.js';
import { type SecurityEvent, type SecurityFacts, SecurityLog } from './security-log.js';

/** Keeps the events for a test to look at. */
export class NotedSecurityLog extends SecurityLog {
  readonly events: (SecurityFacts & { readonly event: SecurityEvent })[] = [];

  constructor() {
    // Never used: nothing is written down but here.
    super({} as Database, {} as Audit, {} as SecurityEventStore);
  }

  override note(event: SecurityEvent, facts: SecurityFacts): Promise<void> {
    this.events.push({ event, ...facts });
    return Promise.resolve();
  }
}
