import { type SecurityEvent, type SecurityFacts, SecurityLog } from './security-log.js';

/** Keeps the events for a test to look at. */
export class NotedSecurityLog extends SecurityLog {
  readonly events: (SecurityFacts & { readonly event: SecurityEvent })[] = [];

  override note(event: SecurityEvent, facts: SecurityFacts): void {
    this.events.push({ event, ...facts });
  }
}
