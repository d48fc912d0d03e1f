import { type EntityManager, IsNull } from 'typeorm';

import type { Database } from '@libs/persistence';

import { UserImport } from './user-import.entity.js';

/** How long others leave an import to the process that has made the last step of it. */
export const leaseMs = 5_000;

/** Another process has made this step. */
export class Overtaken extends Error {}

type Step = Partial<
  Pick<
    UserImport,
    'state' | 'created' | 'refused' | 'pendingUserId' | 'reason' | 'leaseUntil' | 'movedAt' | 'finishedAt'
  >
>;

/**
 * How far an import has come. A step is made in the transaction of what it stands for, and only from where it is: of two
 * processes one makes it, and whoever was killed goes on behind the last one.
 */
export class ImportProgress {
  private constructor(
    private readonly database: Database,
    private at: UserImport,
  ) {}

  /** Takes the import if nobody has taken a step since it was read. */
  static async of(database: Database, read: UserImport): Promise<ImportProgress | undefined> {
    const { id, version, state } = read;
    if (state !== 'queued' && state !== 'running') return undefined;
    const leaseUntil = new Date(Date.now() + leaseMs);
    const { affected } = await database.transaction((manager) =>
      manager.update(UserImport, { id, version, state }, { state: 'running', leaseUntil, ...moved() }),
    );
    return affected === 1 ? new ImportProgress(database, { ...read, state: 'running' }) : undefined;
  }

  get import(): UserImport {
    return this.at;
  }

  get rowsDone(): number {
    return this.at.created + this.at.refused;
  }

  async step(step: Step, work: (manager: EntityManager) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    const { id, created, refused, pendingUserId } = this.at;
    const from = { id, state: 'running', created, refused, pendingUserId: pendingUserId ?? IsNull() } as const;
    await this.database.transaction(async (manager) => {
      const lease = { leaseUntil: new Date(Date.now() + leaseMs) };
      const { affected } = await manager.update(UserImport, from, { ...lease, ...step, ...moved() });
      if (affected !== 1) throw new Overtaken(`${id} is at another row`);
      await work(manager);
    });
    this.at = { ...this.at, ...step };
  }
}

const moved = () => ({ updatedAt: new Date(), version: () => 'version + 1' });
