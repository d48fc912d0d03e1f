import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

import type { MysqlAddress } from './mysql-address.js';
import { mysqlSocket } from './mysql-socket.js';

const accessDenied = new Set([1044, 1227]);

/**
 * Makes sure that the schema is there and compares text as SQLite does: by code point, with trailing spaces. An account
 * that may not create schemas is fine as long as somebody else did.
 */
export async function ensureSchema(address: MysqlAddress): Promise<void> {
  const { host, port, user, password, schema } = address;
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    stream: mysqlSocket(address.names),
    connectTimeout: 5000,
  });
  try {
    const collation = await exactCollation(connection);
    await unlessDenied(
      connection.query(`CREATE DATABASE IF NOT EXISTS \`${schema}\` CHARACTER SET utf8mb4 COLLATE ${collation}`),
    );
    const found = await collationOf(connection, schema);
    if (found === undefined) throw new Error(`There is no schema ${schema}, and ${user} may not create it.`);
    if (found !== collation) {
      throw new Error(
        `The schema ${schema} has the collation ${found}. Before its first use: ` +
          `ALTER DATABASE \`${schema}\` CHARACTER SET utf8mb4 COLLATE ${collation}`,
      );
    }
  } finally {
    connection.destroy();
  }
}

/** The collation without padding and folding has another name in MariaDB than in MySQL. */
async function exactCollation(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  return /mariadb/i.test(String(rows[0]?.['version'])) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

async function collationOf(connection: Connection, schema: string): Promise<string | undefined> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?',
    [schema],
  );
  return rows[0] === undefined ? undefined : String(rows[0]['collation']);
}

async function unlessDenied(statement: Promise<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    if (!accessDenied.has((error as { errno?: number }).errno ?? 0)) throw error;
  }
}
