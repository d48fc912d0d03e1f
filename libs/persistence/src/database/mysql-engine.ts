import { DataSource, type QueryRunner } from 'typeorm';

import type { PersistenceOptions } from '../options/persistence.options.js';
import type { DatabaseEngine, OpenTransaction } from './database-engine.js';
import { HungConnections } from './hung-connections.js';
import type { MysqlAddress } from './mysql-address.js';
import { mysqlPools } from './mysql-pool.js';
import { ensureSchema } from './mysql-schema.js';
import { QuietLogger } from './quiet-logger.js';

/** A server that stays silent for so long is taken for gone. */
const queryTimeoutMs = 10_000;

/** MySQL or MariaDB: each transaction has a connection to itself. Reads have a pool of their own, and never wait for writes. */
export class MysqlEngine implements DatabaseEngine {
  readonly kind = 'mysql';
  readonly begun = new WeakSet<QueryRunner>();

  private constructor(
    readonly reading: DataSource,
    readonly writing: DataSource,
  ) {}

  static async open(
    address: MysqlAddress,
    { entities, migrations }: Pick<PersistenceOptions, 'entities' | 'migrations'>,
    migrate: (writing: DataSource) => Promise<void>,
  ): Promise<MysqlEngine> {
    await ensureSchema(address);
    const source = (isBounded: boolean): DataSource =>
      new DataSource({
        type: 'mysql',
        driver: mysqlPools(isBounded, address.names),
        host: address.host,
        port: address.port,
        username: address.user,
        password: address.password,
        database: address.schema,
        charset: 'utf8mb4',
        timezone: 'Z',
        // Where nobody answers any more the system would try for minutes, and the client wait for it. Other services wait for
        // two seconds, and are to be told in time.
        connectTimeout: 1_500,
        bigNumberStrings: false,
        entities: [...entities],
        migrations: [...migrations],
        migrationsTableName: 'migrations',
        logger: new QuietLogger(),
        ...(isBounded ? { enableQueryTimeout: true, maxQueryExecutionTime: queryTimeoutMs } : {}),
      });

    const migrating = await source(false).initialize();
    try {
      await migrate(migrating);
    } finally {
      await migrating.destroy();
    }
    const [reading, writing] = [source(true), source(true)];
    try {
      await Promise.all([reading.initialize(), writing.initialize()]);
      for (const { subscribers } of [reading, writing]) subscribers.push(new HungConnections(discard));
    } catch (error) {
      for (const one of [reading, writing]) if (one.isInitialized) await one.destroy();
      throw error;
    }
    return new MysqlEngine(reading, writing);
  }

  async begin(): Promise<OpenTransaction> {
    const runner = this.writing.createQueryRunner();
    this.begun.add(runner);
    try {
      await runner.startTransaction();
    } catch (error) {
      await runner.release();
      throw error;
    }
    return {
      manager: runner.manager,
      commit: async () => {
        try {
          await runner.commitTransaction();
        } catch (error) {
          await discard(runner);
          throw error;
        } finally {
          await runner.release();
        }
      },
      rollback: async () => {
        // A connection that may still be in a transaction must not go back to the pool.
        await runner.rollbackTransaction().catch(() => discard(runner));
        await runner.release();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.reading.destroy(), this.writing.destroy()]);
  }
}

async function discard(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect()) as { destroy(): void };
  connection.destroy();
}
