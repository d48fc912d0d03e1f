import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';

import { Database, Outbox } from '@libs/persistence';

import { Ending, EndingsHead } from './ending.entity.js';

export const headId = 'head';

export type EndingDraft = Omit<Ending, 'position' | 'endedAt'>;

/**
 * What has ended here, for the services that have rows about it. An event only wakes them: what they do they read here,
 * in the order of the commits, so that whoever was away misses nothing.
 */
@Injectable()
export class EndingsLog {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Adds to the surrounding transaction. Who raises the head makes others wait until the commit, so that no position
   * appears after a higher one: add as the last thing of a transaction.
   */
  async add(draft: EndingDraft): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.increment(EndingsHead, { id: headId }, 'position', 1);
      const { position } = await manager.findOneByOrFail(EndingsHead, { id: headId });
      await manager.insert(Ending, { ...draft, position, endedAt: new Date() });
      await this.outbox.add('ending.recorded', String(position), { kind: draft.kind });
    });
  }

  after(position: number, limit: number): Promise<Ending[]> {
    return this.database.manager.find(Ending, {
      where: { position: MoreThan(position) },
      order: { position: 'ASC' },
      take: limit,
    });
  }
}
