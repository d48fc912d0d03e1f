import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

import { until } from '@libs/testing';

/** Tables that nobody else can read or write until they are let go: whatever asks them runs for so long. */
export class HeldTables {
  private constructor(
    private readonly holder: Connection,
    private readonly schema: string,
  ) {}

  static async hold(databaseUrl: string, schema: string, tables: readonly string[]): Promise<HeldTables> {
    const holder = await createConnection(databaseUrl);
    await holder.query(`LOCK TABLES ${tables.map((table) => `\`${schema}\`.\`${table}\` WRITE`).join(', ')}`);
    return new HeldTables(holder, schema);
  }

  /** Resolves when so many statements wait for the tables. */
  async untilWaiting(count: number): Promise<void> {
    await until(
      async () => {
        const [rows] = await this.holder.query<RowDataPacket[]>(
          `SELECT COUNT(*) AS waiting FROM information_schema.PROCESSLIST
           WHERE DB = ? AND STATE LIKE 'Waiting for table%lock'`,
          [this.schema],
        );
        return Number(rows[0]?.['waiting']);
      },
      (waiting) => waiting >= count,
      10_000,
    );
  }

  async letGo(): Promise<void> {
    await this.holder.query('UNLOCK TABLES');
    await this.holder.end();
  }
}
