import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';

import { isConnectionFailure } from './database-errors.js';
import { DatabaseUnavailable } from './database-unavailable.js';

/**
 * What every session agrees on, whatever the server's own settings: wrong values are errors and not truncated; a
 * transaction sees what others have committed and blocks less; who waits for a lock gives up while the client is still
 * there.
 */
const sessionSettings = [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 5`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

const pools = new Set<Pool>();

/** How the driver keeps its connections; it tells nobody otherwise. */
interface Insides {
  readonly _allConnections?: { readonly length: number };
  readonly _freeConnections?: { readonly length: number };
  readonly _connectionQueue?: { readonly length: number };
}

/** For the metrics: the connections of this process to its databases, and what waits for one. */
export function databasePools(): { readonly open: number; readonly free: number; readonly waiting: number } {
  const sum = (part: keyof Insides): number =>
    [...pools].reduce((total, pool) => total + ((pool as unknown as Insides)[part]?.length ?? 0), 0);
  return { open: sum('_allConnections'), free: sum('_freeConnections'), waiting: sum('_connectionQueue') };
}

/** What TypeORM calls of mysql2: a pool whose sessions are settled, and which says so when nobody answers. */
export const mysqlPool = {
  createPool(options: PoolOptions): Pool {
    const pool = createPool(options);
    pools.add(pool);
    const end = pool.end.bind(pool);
    pool.end = (done?: (error: NodeJS.ErrnoException | null) => void) => {
      pools.delete(pool);
      end(done);
    };
    pool.on('connection', (connection) => {
      for (const setting of sessionSettings) {
        // These are queued in front of whatever the connection was opened for.
        connection.query(setting, (error) => {
          if (error !== null) connection.destroy();
        });
      }
    });

    const getConnection = pool.getConnection.bind(pool);
    pool.getConnection = (done: (error: NodeJS.ErrnoException | null, connection: PoolConnection) => void) =>
      getConnection((error, connection) =>
        done(error !== null && isConnectionFailure(error) ? new DatabaseUnavailable(error) : error, connection),
      );
    return pool;
  },
};
