import { DatabaseUnavailable } from './database-unavailable.js';
import { storageFaultOf } from './storage-faults.js';

/** What the drivers tell about a failed statement; TypeORM copies it onto its own error. */
interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
}

const asDriverError = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

const uniqueViolationCodes = new Set<unknown>([
  'ER_DUP_ENTRY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

/** True if a row with the same unique value is there already. */
export const isUniqueViolation = (error: unknown): boolean => uniqueViolationCodes.has(asDriverError(error).code);

const collisionErrnos = new Set<unknown>([
  1213, // deadlock
  1205, // waited too long for a lock
  1020, // MariaDB: the row has changed since this transaction read it
]);

/** True if two transactions got in each other's way: the same work may succeed when it is run again from its start. */
export function isCollision(error: unknown): boolean {
  const { code, errno } = asDriverError(error);
  return collisionErrnos.has(errno) || (typeof code === 'string' && code.startsWith('SQLITE_BUSY'));
}

const connectionCodes = new Set<unknown>([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

const connectionErrnos = new Set<unknown>([
  1040, // too many connections
  1203, // too many connections of this user
  1226, // this user has had what is allowed in an hour
  1053, // the server is shutting down
  1290, // the server is read-only: it was demoted
  1836, // likewise
  1927, // MariaDB: the connection was killed
  4031, // MySQL: the connection was idle for too long
]);

const givenUpErrnos = new Set<unknown>([
  1317, // somebody has ended the statement
  1969, // MariaDB: it took longer than the session allows
  3024, // MySQL: likewise
]);

/** True if there was no answer that counts, and the same may have one later: whoever asked is told to come again. */
export const isUnavailable = (error: unknown): boolean =>
  isConnectionFailure(error) || isGivenUp(error) || storageFaultOf(error) !== undefined;

/** True if the server has ended a statement that took too long. It would take as long again. */
const isGivenUp = (error: unknown): boolean => givenUpErrnos.has(asDriverError(error).errno);

/** True if the database cannot be reached, or the connection to it is gone. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const { code, errno } = asDriverError(error);
  return connectionCodes.has(code) || connectionErrnos.has(errno);
}
