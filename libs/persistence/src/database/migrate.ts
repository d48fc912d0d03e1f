import { Logger } from '@nestjs/common';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

import { ChangeLog } from './change-log.js';

const logger = new Logger('Migrations');

/** How long a process waits for another one that is migrating. */
const waitForOthersSeconds = 60;

/** Runs the migrations that this database has not seen, once, however many processes start at the same time. */
export async function migrate(source: DataSource): Promise<void> {
  await (source.options.type === 'mysql' ? migrateMysql(source, source.options.database ?? '') : migrateSqlite(source));
}

/** DDL of MySQL ends transactions, so a named lock keeps the others out; the server frees it if this process dies. */
async function migrateMysql(source: DataSource, schema: string): Promise<void> {
  const lock = `${schema}.migrations`.slice(-64);
  const holder = source.createQueryRunner();
  try {
    if (!(await take(holder, lock, 0))) {
      logger.log({ msg: 'waiting for another process that migrates', schema });
      if (!(await take(holder, lock, waitForOthersSeconds))) {
        throw new Error('Another process has been migrating the schema for too long.');
      }
    }
    await run(source, schema, 'each');
    await holder.query('SELECT RELEASE_LOCK(?)', [lock]);
  } finally {
    await holder.release();
  }
}

async function take(holder: QueryRunner, lock: string, seconds: number): Promise<boolean> {
  const [answer] = (await holder.query('SELECT GET_LOCK(?, ?) AS taken', [lock, seconds])) as {
    taken: number | string | null;
  }[];
  return Number(answer?.taken) === 1;
}

/** Says what it is about to do, because it may take its time, and what it has done. */
async function run(source: DataSource, schema: string, transaction: 'all' | 'each'): Promise<void> {
  const pending = await new MigrationExecutor(source).getPendingMigrations();
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name);
  logger.log({ msg: 'migrating', schema, migrations: names });
  const startedAt = performance.now();
  const { logger: usual } = source;
  const log = new ChangeLog();
  source.logger = log;
  try {
    const done = await source.runMigrations({ transaction });
    const took = Math.round(performance.now() - startedAt);
    logger.log({ msg: 'migrated', schema, migrations: done.length, changes: log.changes, took_ms: took });
  } catch (error) {
    // MySQL keeps what was done before; the next start goes on from there.
    logger.error({ msg: 'a migration failed', schema, changes: log.changes });
    throw error;
  } finally {
    source.logger = usual;
  }
}

/** SQLite's DDL is transactional: all of it happens, or none. The transaction takes the write lock before it looks. */
async function migrateSqlite(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    await run(source, 'SQLite', 'all');
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  } finally {
    Object.assign(source.driver, { queryRunner: undefined });
  }
}
