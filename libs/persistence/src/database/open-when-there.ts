import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { isConnectionFailure } from './database-errors.js';

interface Patience {
  /** How long somebody waits for the database at the start; then the start fails, and the supervisor decides. */
  readonly forMs: number;
  readonly everyMs: number;
}

const patience: Patience = { forMs: 60_000, everyMs: 1_000 };
const sayAgainAfter = 10;

/** Opens a database that may not be there yet: everything of a deployment is started at the same time. */
export async function openWhenThere<T>(open: () => Promise<T>, { forMs, everyMs } = patience): Promise<T> {
  const logger = new Logger('Database');
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      const opened = await open();
      if (attempt > 0)
        logger.log({ msg: 'the database is there', waited_ms: Math.round(performance.now() - startedAt) });
      return opened;
    } catch (error) {
      const hasTime = performance.now() - startedAt + everyMs <= forMs;
      if (!hasTime || !(error instanceof Error) || !isConnectionFailure(error.cause)) throw error;
      if (attempt % sayAgainAfter === 0) logger.warn({ msg: 'waiting for the database', reason: error.message });
      await sleep(everyMs);
    }
  }
}
