import { workerData } from 'node:worker_threads';

import { LibsqlConnection } from './libsql-connection.js';
import type { Reading, ReadingResult } from './reading-thread.js';

const connection = new LibsqlConnection(workerData as string, { timeout: 1_000 });
connection.pragma('query_only = ON');
// The pages that are read are those that the system has anyway: half of the time went into asking for each.
connection.pragma('mmap_size = 1073741824');

export default function read({ sql, parameters }: Reading): ReadingResult {
  try {
    return { rows: connection.prepare(sql).all(...parameters) };
  } catch (error) {
    const { message, code } = error as { message: string; code?: unknown };
    return { failure: { message, code } };
  }
}
