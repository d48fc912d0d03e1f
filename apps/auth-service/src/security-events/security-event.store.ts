import { Injectable } from '@nestjs/common';
import { LessThan, type SelectQueryBuilder } from 'typeorm';

import { Database, newId, deleteInPieces } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { SecurityEventRecord } from './security-event.entity.js';

type Noted = Omit<SecurityEventRecord, 'id' | 'createdAt'>;

const longestReason = 100;

@Injectable()
export class SecurityEventStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** In the surrounding transaction, if there is one. */
  async add({ reason, ...noted }: Noted): Promise<void> {
    const record = { id: newId(), ...noted, reason: reason.slice(0, longestReason), createdAt: this.clock.now() };
    await this.database.transaction((manager) => manager.insert(SecurityEventRecord, record));
  }

  of(userId: string): SelectQueryBuilder<SecurityEventRecord> {
    return this.database.manager
      .createQueryBuilder(SecurityEventRecord, 'happening')
      .where('happening.userId = :userId', { userId });
  }

  async forgetNotedBefore(time: Date): Promise<void> {
    const old = { createdAt: LessThan(time) };
    if (!(await this.database.manager.existsBy(SecurityEventRecord, old))) return;
    await deleteInPieces(this.database, SecurityEventRecord, old);
  }
}
