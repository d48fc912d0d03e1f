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

/** What TypeORM calls of mysql2: a pool whose sessions are settled, and which says so when nobody answers. */
export const mysqlPool = {
  createPool(options: PoolOptions): Pool {
    const pool = createPool(options);
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
