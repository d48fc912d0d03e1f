import { Redis } from 'ioredis';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

import { runWrk } from '../client/wrk.js';
import type { ApartStack } from '../subjects/stack.js';
import { markdownTable } from './markdown.js';

const services = ['auth', 'tenant', 'project', 'ecs'] as const;
/** What is always nearly empty, or grows with no user. */
const leftOut =
  /^(migrations|outbox|audit_outbox|idempotency_records|endings\w*|followed_endings|signing_keys|plans|config_keys|registrations)$/;

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Bytes of a row with its indexes, table by table: real rows, each many times over under other ids. */
export async function measureRows({ databaseUrl }: ApartStack, copies: number): Promise<string> {
  const connection = await createConnection(databaseUrl);
  await connection.query('SET FOREIGN_KEY_CHECKS = 0');
  const rows: string[][] = [];
  for (const service of services) {
    const schema = `${new URL(databaseUrl).pathname.slice(1)}_${service}`;
    const tables = await ask(
      connection,
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
      [schema],
    );
    for (const { name } of tables) {
      const table = String(name);
      if (leftOut.test(table)) continue;
      const [there] = await ask(connection, `SELECT COUNT(*) AS count FROM ${schema}.${table}`);
      if (Number(there?.['count']) === 0) continue;
      console.error(`${service}.${table}`);
      const before = await bytesOf(connection, schema, table);
      await multiply(connection, schema, table, copies);
      const bytes = ((await bytesOf(connection, schema, table)) - before) / copies;
      rows.push([`${service}.${table}`, bytes.toFixed(0)]);
    }
  }
  await connection.end();
  return markdownTable(['table', 'bytes a row'], rows);
}

async function ask(connection: Connection, sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
  return rows;
}

async function bytesOf(connection: Connection, schema: string, table: string): Promise<number> {
  await connection.query(`ANALYZE TABLE ${schema}.${table}`);
  const [row] = await ask(
    connection,
    'SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [schema, table],
  );
  return Number(row?.['bytes']);
}

/** The last row again and again. Lengths stay; ids go up as they do with time, hashes and keys are spread. */
async function multiply(connection: Connection, schema: string, table: string, copies: number): Promise<void> {
  const columns = (await ask(
    connection,
    'SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [schema, table],
  )) as unknown as Column[];
  const names = columns.map(({ name }) => `\`${name}\``).join(', ');
  const copied = columns.map(({ name, type }) => (type === 'varchar' ? another(name) : `t.\`${name}\``)).join(', ');
  await connection.query(
    `INSERT INTO ${schema}.${table} (${names})
     SELECT ${copied} FROM (SELECT * FROM ${schema}.${table} ORDER BY 1 DESC LIMIT 1) t, ${schema}.seq_1_to_${copies} s`,
  );
}

function another(name: string): string {
  const column = `t.\`${name}\``;
  const number = /hash|key$/i.test(name) ? '(s.seq * 2654435761) % 4294967296' : 's.seq';
  return `IF(CHAR_LENGTH(${column}) >= 12, CONCAT(LPAD(LOWER(HEX(${number})), 8, '0'), SUBSTR(${column}, 9)), ${column})`;
}

/** What Redis holds for one who is counted: a key for each limit. */
export async function measureKeys({ url, redisUrl }: ApartStack, callers: number): Promise<string> {
  const redis = new Redis(redisUrl);
  const requests = Array.from({ length: callers }, (_, n) => ({
    path: '/public/status',
    headers: { 'x-forwarded-for': `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` },
  }));
  const used = async (): Promise<number> => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
  const [bytesBefore, keysBefore] = [await used(), await redis.dbsize()];
  await runWrk({ url, requests }, { seconds: 5, connections: 16 });
  const [bytes, keys] = [(await used()) - bytesBefore, (await redis.dbsize()) - keysBefore];
  redis.disconnect();
  return markdownTable(['keys more', 'bytes a key'], [[String(keys), (bytes / keys).toFixed(0)]]);
}
