import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, isUniqueViolation } from '@libs/persistence';

import { Hold } from './hold.entity.js';

/**
 * Lets one transaction after the other add to the same subject, so that what is counted stays true until the commit, and
 * nothing is added to what has ended meanwhile.
 */
@Injectable()
export class Holds {
  constructor(private readonly database: Database) {}

  /** Waits for the others who hold it. Refuses when the subject has ended, as if it were not there. */
  async hold(subjectId: string): Promise<void> {
    const { endedAt } = await this.take(subjectId);
    if (endedAt !== null) throw new Refusal('RESOURCE_NOT_FOUND', { internal: `${subjectId} has ended` });
  }

  /** From the commit on, `hold` refuses. */
  async end(subjectId: string): Promise<void> {
    await this.take(subjectId);
    await this.database.manager.update(Hold, { subjectId }, { endedAt: new Date() });
  }

  private async take(subjectId: string): Promise<Hold> {
    const { manager } = this.database;
    const raise = () => manager.increment(Hold, { subjectId }, 'revision', 1);
    if ((await raise()).affected !== 1) {
      await manager.insert(Hold, { subjectId, revision: 0, endedAt: null }).catch((error: unknown) => {
        // Somebody else has made the row since.
        if (!isUniqueViolation(error)) throw error;
      });
      await raise();
    }
    return manager.findOneByOrFail(Hold, { subjectId });
  }
}
