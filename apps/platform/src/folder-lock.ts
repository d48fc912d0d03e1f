import { join } from 'node:path';

import Libsql from 'libsql';

/**
 * Keeps a second platform out of a folder: each would relay the same events and count limits for itself. The system ends
 * the lock with the process, however that ends, so nothing is left to clear away. Returns what ends it.
 */
export function lockFolder(dataDir: string): () => void {
  const lock = new Libsql(join(dataDir, 'platform.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) throw error;
    const message = `another Gatehouse runs on the folder ${dataDir}: stop it, or give this one its own with DATA_DIR`;
    throw new Error(message, { cause: error });
  }
  return () => void lock.close();
}
