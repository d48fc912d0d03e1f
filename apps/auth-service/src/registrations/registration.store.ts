import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual } from 'typeorm';

import { Database, isUniqueViolation, deleteInPieces } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { UserMailer, type WantedProof } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { Registration } from './registration.entity.js';

const sweepBatch = 50;
const nothing = (): Promise<void> => Promise.resolve();

/** What the first letter has to tell. */
type Welcome = Pick<WantedProof, 'isTaken' | 'isLeftInPeace' | 'address'>;

@Injectable()
export class RegistrationStore {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /** False when a registration under way has that user name. */
  async add(registration: Registration): Promise<boolean> {
    try {
      await this.database.transaction((manager) => manager.insert(Registration, registration));
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  findByName(username: string): Promise<Registration | null> {
    return this.database.manager.findOneBy(Registration, { username });
  }

  due(): Promise<Registration[]> {
    return this.database.manager.find(Registration, {
      where: { state: 'pending', nextAttemptAt: LessThanOrEqual(this.clock.now()) },
      order: { nextAttemptAt: 'ASC' },
      take: sweepBatch,
    });
  }

  /** Ends a registration whose owner is told so; true for one caller only. `lastly` is committed with it. */
  finish({ id }: Registration, welcome: Welcome, lastly = nothing): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const row = await manager.findOneBy(Registration, { id });
      if (row === null) return false;
      // The row that was read may be older than the one that is deleted: the sweeper may have finished it meanwhile.
      const wasPending = await this.deleteIn('pending', id);
      if (wasPending) await this.complete(row, welcome);
      else if (!(await this.deleteIn('finished', id))) return false;
      await lastly();
      return true;
    });
  }

  /** Ends a registration while nobody waits for it. */
  async finishUntold(registration: Registration, welcome: Welcome): Promise<void> {
    await this.database.transaction(async (manager) => {
      const finished = { state: 'finished', passwordHash: '' } as const;
      const pending = { id: registration.id, state: 'pending' } as const;
      const { affected } = await manager.update(Registration, pending, finished);
      if (affected === 1) await this.complete(registration, welcome);
    });
  }

  async postpone({ id, attempts }: Registration, nextAttemptAt: Date): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(Registration, { id, state: 'pending' }, { attempts: attempts + 1, nextAttemptAt }),
    );
  }

  /** For one that has made nothing anywhere. */
  async drop({ id }: Registration): Promise<void> {
    await this.database.transaction(() => this.deleteIn('pending', id));
  }

  async forgetFinished(before: Date): Promise<void> {
    const forgotten = { state: 'finished' as const, createdAt: LessThan(before) };
    if (!(await this.database.manager.existsBy(Registration, forgotten))) return;
    await deleteInPieces(this.database, Registration, forgotten);
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(Registration, { userId }));
  }

  /** False when it is in another state, or gone. */
  private async deleteIn(state: Registration['state'], id: string): Promise<boolean> {
    return (await this.database.manager.delete(Registration, { id, state })).affected === 1;
  }

  private async complete(registration: Registration, welcome: Welcome): Promise<void> {
    const { userId, tenantId, username, email, passwordHash, platformRoles } = registration;
    await this.credentials.put(userId, passwordHash);
    await this.log.note('account.registered', { user_id: userId }, tenantId);
    // Nobody reads letters to the address of the first administrator, which is a setting.
    if (platformRoles.length > 0) return;
    await this.mailer.verification({ id: userId, username }, { ...welcome, email, asker: 'newcomer' });
  }
}
