import type { DataSource } from 'typeorm';

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
    const [answer] = (await holder.query('SELECT GET_LOCK(?, ?) AS taken', [lock, waitForOthersSeconds])) as {
      taken: number | string | null;
    }[];
    if (Number(answer?.taken) !== 1) throw new Error('Another process has been migrating the schema for too long.');
    await source.runMigrations({ transaction: 'each' });
    await holder.query('SELECT RELEASE_LOCK(?)', [lock]);
  } finally {
    await holder.release();
  }
}

/** SQLite's DDL is transactional: all of it happens, or none. The transaction takes the write lock before it looks. */
async function migrateSqlite(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    await source.runMigrations({ transaction: 'all' });
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  } finally {
    Object.assign(source.driver, { queryRunner: undefined });
  }
}
