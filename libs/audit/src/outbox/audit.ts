import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

import { Database, type PersistenceOptions, persistenceOptions } from '@libs/persistence';

import type { AuditedAct, AuditEvent, RefusedAct } from '../events/audit-event.js';
import { AuditOutboxRow } from './audit-outbox.entity.js';
import { describeAct } from '../events/describe-act.js';
import { GroupCommit } from './group-commit.js';

/** In a flood of refusals the newest ones are dropped, and counted, rather than the memory filled. */
const mostWaiting = 5_000;

/**
 * Writes down who did what to which, from where, with the outcome. What was done is written in the transaction that does
 * it: there is a change with its event, or there is neither. The events wait here until tenant-service has put them
 * into the chains of their tenants, each once.
 */
@Injectable()
export class Audit implements OnApplicationShutdown {
  private readonly logger = new Logger(Audit.name);
  private readonly service: string;
  private readonly listeners = new Set<() => void>();
  private readonly refusals = new GroupCommit<AuditEvent>(
    (events, dropped) => this.writeRefusals(events, dropped),
    mostWaiting,
  );

  constructor(
    private readonly database: Database,
    @Inject(persistenceOptions) { service }: Pick<PersistenceOptions, 'service'>,
  ) {
    this.service = `${service}-service`;
  }

  /** Adds what is being done to the surrounding transaction. */
  async record(act: AuditedAct): Promise<void> {
    if (!this.database.isInTransaction) {
      throw new Error('An audit event belongs into the transaction of the change that it tells about.');
    }
    await this.insert([describeAct(this.service, act)]);
    this.database.afterCommit(() => this.tell());
  }

  /**
   * Writes down, in a transaction of its own, what was not allowed. Resolves when it is written; inside a transaction at
   * once, because that one may be what the writing waits for. A refusal stands even if it cannot be written down.
   */
  async refused(act: RefusedAct): Promise<void> {
    const written = this.refusals.add(describeAct(this.service, act));
    if (!this.database.isInTransaction) await written;
  }

  /** Calls back after events were committed. Returns how to stop that. */
  onRecorded(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves when all refusals so far are written. */
  settled(): Promise<void> {
    return this.refusals.settled();
  }

  /** `AuditModule` is imported after the one that closes the database. */
  onApplicationShutdown(): Promise<void> {
    return this.settled();
  }

  private async writeRefusals(events: readonly AuditEvent[], dropped: number): Promise<void> {
    const lost: RefusedAct = {
      action: 'audit.dropped',
      target: '',
      tenantId: '',
      reason: 'TOO_MANY',
      details: { events: dropped },
    };
    const all = dropped === 0 ? events : [...events, describeAct(this.service, lost)];
    try {
      await this.database.apart(() => this.database.transaction(() => this.insert(all)));
      this.tell();
    } catch (error) {
      this.logger.error({ msg: 'refusals cannot be written to the audit trail', count: all.length, err: error });
    }
  }

  private async insert(events: readonly AuditEvent[]): Promise<void> {
    const rows = events.map((event) => ({ id: event.id, event }));
    await this.database.manager
      .createQueryBuilder()
      .insert()
      .into(AuditOutboxRow)
      .values(rows)
      .updateEntity(false)
      .execute();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
