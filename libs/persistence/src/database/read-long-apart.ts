import { type DataSource, QueryFailedError } from 'typeorm';

import { currentContextOrNone } from '@libs/trusted-headers';

import { isLongRead } from './long-reads.js';
import type { ReadingThread } from './reading-thread.js';

/** Lets the thread answer the long reads of a data source. TypeORM has one runner for it, which answers at once or never. */
export function readLongApart(source: DataSource, thread: ReadingThread): void {
  if (!thread.isThere) return;
  const runner = source.createQueryRunner();
  const { broadcaster } = runner;
  const atOnce = runner.query.bind(runner);

  const apart = async (sql: string, given: readonly unknown[]): Promise<readonly unknown[]> => {
    const parameters = given.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    await broadcaster.broadcast('BeforeQuery', sql, parameters);
    const ended = async (success: boolean, rows?: readonly unknown[], error?: unknown): Promise<void> => {
      await broadcaster.broadcast('AfterQuery', sql, parameters, success, undefined, rows, error);
    };
    try {
      const rows = await thread.read(currentContextOrNone()?.identity.tenantId ?? '', { sql, parameters });
      await ended(true, rows);
      return rows;
    } catch (error) {
      await ended(false, undefined, error);
      throw new QueryFailedError(sql, parameters, error as Error);
    }
  };

  const query = async (sql: string, parameters: readonly unknown[] = [], isStructured = false): Promise<unknown> => {
    if (!isLongRead()) return atOnce(sql, [...parameters], isStructured as true);
    const rows = await apart(sql, parameters);
    return isStructured ? { raw: rows, records: rows, affected: undefined } : rows;
  };
  Object.assign(runner, { query });
}
