import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import Libsql from 'libsql';

/** What the house does on its own: events, letters and the record of refusals come and go by themselves. */
const restless = /outbox|letter|mail|audit|idempotency|migrations|sqlite_|cursor/;

/** A fingerprint of every table of every service of an embedded stack, by `service.table`. */
export function databaseContents(dataDir: string): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const file of readdirSync(dataDir).filter((name) => name.endsWith('.db'))) {
    const database = new Libsql(join(dataDir, file), { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    for (const { name } of tables) {
      if (restless.test(name)) continue;
      const rows = database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => JSON.stringify(row))
        .toSorted();
      contents[`${file}/${name}`] = createHash('sha256').update(rows.join('\n')).digest('hex');
    }
    database.close();
  }
  return contents;
}
