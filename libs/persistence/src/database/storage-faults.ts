/** Why a database that answers takes no writes. It goes on reading, and nothing that this process does mends it. */
export type StorageFault = 'full' | 'read-only' | 'failing';

/** By the number of the server: of MySQL's and MariaDB's error messages, and of the system's where they pass those on. */
const byErrno: Readonly<Record<number, StorageFault>> = {
  3: 'failing', // a file cannot be written
  20: 'full', // waits for space on a disk
  28: 'full', // ENOSPC
  1021: 'full', // the disk is full
  1026: 'failing', // a file cannot be written
  1030: 'failing', // the storage engine reports an error of the system, for instance 28
  1036: 'read-only', // the table is
  1114: 'full', // the table, or the disk
  1290: 'read-only', // the server is: it was demoted
  1792: 'read-only', // the transaction is
  1836: 'read-only', // the server is
};

/** By the code of SQLite, without what follows the name of the kind. */
const byCode: readonly (readonly [prefix: string, fault: StorageFault])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_IOERR', 'failing'],
  ['SQLITE_CANTOPEN', 'failing'],
];

/** Undefined for every other error. TypeORM copies what the drivers tell onto its own errors. */
export function storageFaultOf(error: unknown): StorageFault | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
  if (typeof code === 'string' && code.startsWith('SQLITE_')) {
    return byCode.find(([prefix]) => code.startsWith(prefix))?.[1];
  }
  return typeof errno === 'number' ? byErrno[errno] : undefined;
}
