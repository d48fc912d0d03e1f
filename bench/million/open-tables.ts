import { join } from 'node:path';

import Libsql from 'libsql';
import { createConnection } from 'mysql2/promise';

/** The tables of the services, where they are, past the services. */
export interface OpenTables {
  /** A place that a statement names: `project` and the name of its table. */
  in(schema: string, table: string): string;
  run(schema: string, sql: string): Promise<void>;
  /** A query of the numbers from 1 to `count`, in the column `n`. */
  series(count: number): string;
  joined(...parts: readonly string[]): string;
  hex(number: string, length: number): string;
  /** So many seconds before the time. */
  before(time: string, seconds: string): string;
  close(): Promise<void>;
}

export async function tablesOf(databaseUrl: string): Promise<OpenTables> {
  const connection = await createConnection(databaseUrl);
  const prefix = new URL(databaseUrl).pathname.slice(1);
  const at = (schema: string, table: string): string => `${prefix}_${schema}.${table}`;
  // That of the tests is small: a server of a million projects has more.
  await connection.query('SET GLOBAL innodb_buffer_pool_size = 1073741824');
  return {
    in: at,
    run: async (_schema, sql) => void (await connection.query(sql)),
    series: (count) => `SELECT seq AS n FROM ${at('project', `seq_1_to_${count}`)}`,
    joined: (...parts) => `CONCAT(${parts.join(', ')})`,
    hex: (number, length) => `LPAD(LOWER(HEX(${number})), ${length}, '0')`,
    before: (time, seconds) => `DATE_SUB(${time}, INTERVAL ${seconds} SECOND)`,
    close: () => connection.end(),
  };
}

export function tablesOnDisk(dataDir: string): OpenTables {
  // Closed after each statement: whoever stays keeps the services from writing.
  const using = <T>(schema: string, work: (database: Libsql.Database) => T): Promise<T> => {
    const database = new Libsql(join(dataDir, `${schema}.db`), { timeout: 10_000 });
    try {
      return Promise.resolve(work(database));
    } finally {
      database.close();
    }
  };
  return {
    in: (_schema, table) => table,
    run: (schema, sql) => using(schema, (database) => void database.exec(sql)),
    series: (count) =>
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}) SELECT n FROM numbers`,
    joined: (...parts) => parts.join(' || '),
    hex: (number, length) => `printf('%0${length}x', ${number})`,
    before: (time, seconds) => `strftime('%Y-%m-%d %H:%M:%f', ${time}, '-' || (${seconds}) || ' seconds')`,
    close: () => Promise.resolve(),
  };
}
