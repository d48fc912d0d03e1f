import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DataSource, type QueryRunner } from 'typeorm';

import { currentContextOrNone } from '@libs/trusted-headers';

import type { PersistenceOptions } from '../options/persistence.options.js';
import type { DatabaseEngine, OpenTransaction } from './database-engine.js';
import { LibsqlConnection } from './libsql-connection.js';
import { QuietLogger } from './quiet-logger.js';
import { ReadingThread } from './reading-thread.js';
import { readLongApart } from './read-long-apart.js';
import { Turns } from './turns.js';

/** While starting, processes wait for one another; afterwards waiting is left to `Database`, which does not block. */
const startTimeoutMs = 10_000;

/**
 * SQLite in a file: one connection that writes, whose transactions take turns by tenant, and one that reads and so never sees
 * what is not committed. Every commit is on the disk before it returns.
 */
export class SqliteEngine implements DatabaseEngine {
  readonly kind = 'sqlite';
  readonly begun = new WeakSet<QueryRunner>();
  private readonly turns = new Turns();

  private constructor(
    readonly reading: DataSource,
    readonly writing: DataSource,
    private readonly thread: ReadingThread,
  ) {}

  static async open(
    file: string,
    { entities, migrations }: Pick<PersistenceOptions, 'entities' | 'migrations'>,
    migrate: (writing: DataSource) => Promise<void>,
  ): Promise<SqliteEngine> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const source = (pragmas: readonly string[]): DataSource =>
      new DataSource({
        type: 'better-sqlite3',
        driver: LibsqlConnection,
        database: file,
        entities: [...entities],
        migrations: [...migrations],
        migrationsTableName: 'migrations',
        timeout: startTimeoutMs,
        logger: new QuietLogger(),
        prepareDatabase: (connection: LibsqlConnection) => {
          for (const pragma of pragmas) connection.pragma(pragma);
        },
      });

    const writing = source(['journal_mode = WAL', 'synchronous = FULL']);
    await writing.initialize();
    try {
      await chmod(file, 0o600);
      await migrate(writing);
      await writing.query('PRAGMA busy_timeout = 0');
      const reading = source(['query_only = ON']);
      await reading.initialize();
      const thread = new ReadingThread(file);
      readLongApart(reading, thread);
      return new SqliteEngine(reading, writing, thread);
    } catch (error) {
      await writing.destroy();
      throw error;
    }
  }

  async begin(): Promise<OpenTransaction> {
    const passTurn = await this.turns.take(currentContextOrNone()?.identity.tenantId ?? '');
    const runner = this.writing.createQueryRunner();
    this.begun.add(runner);
    const end = (): void => {
      retire(runner, this.writing);
      passTurn();
    };
    try {
      await runner.startTransaction();
    } catch (error) {
      end();
      throw error;
    }
    return {
      manager: runner.manager,
      commit: async () => {
        try {
          await runner.commitTransaction();
        } catch (error) {
          await rollBack(runner);
          throw error;
        } finally {
          end();
        }
      },
      rollback: async () => {
        await rollBack(runner);
        end();
      },
    };
  }

  async close(): Promise<void> {
    const passTurn = await this.turns.take('');
    await this.thread.close();
    await this.reading.destroy();
    await this.writing.destroy();
    passTurn();
  }
}

/** SQLite may have rolled back by itself, for instance when the disk is full; the caller has the error that counts. */
const rollBack = (runner: QueryRunner): Promise<void> => runner.rollbackTransaction().catch(() => undefined);

/**
 * TypeORM has one query runner for a SQLite connection and never ends it, so code that a transaction left behind could
 * write into the next one. Here each transaction has its own, which refuses everything once it is over.
 */
function retire(runner: QueryRunner, source: DataSource): void {
  Object.assign(runner, { isReleased: true });
  Object.assign(source.driver, { queryRunner: undefined });
}
