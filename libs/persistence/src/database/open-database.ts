import { join } from 'node:path';

import { migrate } from './migrate.js';
import type { PersistenceOptions } from '../options/persistence.options.js';
import { Database } from './database.js';
import type { DatabaseEngine } from './database-engine.js';
import { mysqlAddress } from './mysql-address.js';
import { MysqlEngine } from './mysql-engine.js';
import { SqliteEngine } from './sqlite-engine.js';

type OpenOptions = Omit<PersistenceOptions, 'encryptionKey'>;

/** Connects, and brings the tables up to date. The error says which database it was, without its password. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { databaseUrl, dataDir, service } = options;
  return new Database(
    databaseUrl === undefined
      ? await openSqlite(join(dataDir, `${service}.db`), options)
      : await openMysql(databaseUrl, options),
  );
}

async function openSqlite(file: string, options: OpenOptions): Promise<DatabaseEngine> {
  return explained(`SQLite in ${file}`, () => SqliteEngine.open(file, options, migrate));
}

async function openMysql(databaseUrl: string, options: OpenOptions): Promise<DatabaseEngine> {
  const address = mysqlAddress(databaseUrl, options.service);
  const place = `MySQL at ${address.host}:${address.port}, schema ${address.schema}`;
  return explained(place, () => MysqlEngine.open(address, options, migrate));
}

async function explained<T>(place: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw new Error(`The database does not open (${place}): ${reasonOf(error)}`, { cause: error });
  }
}

/** Node puts the reasons of a failed connection into an AggregateError, whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
