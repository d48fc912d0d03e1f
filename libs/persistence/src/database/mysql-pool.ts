import { callbackify } from 'node:util';

import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';

import type { Names } from '@libs/names';
import { currentContextOrNone } from '@libs/trusted-headers';

import { isConnectionFailure } from './database-errors.js';
import { DatabaseUnavailable } from './database-unavailable.js';
import { isLongRead } from './long-reads.js';
import { mysqlSocket } from './mysql-socket.js';
import { TenantShares } from './tenant-shares.js';

/** Of each of the two pools of a process; docs/scaling.md says what that makes for a server. */
export const connectionsEach = 8;
/** How many of them one tenant may have at once. */
export const connectionsOfTenant = 4;
/** And how many for reads that may take a while. */
const longReadsOfTenant = 1;
const waitsForOwnShareMs = 5_000;

/** The server ends what takes longer, also when the client has gone: less than the client waits. */
export const statementSeconds = 9;

/**
 * What every session agrees on, whatever the server's own settings: wrong values are errors and not truncated; a
 * transaction sees what others have committed and blocks less; who waits for a lock gives up while the client is still
 * there. MariaDB reads the first of the two comments, and MySQL the second, which knows a bound for reads only.
 */
const sessionSettings = (isBounded: boolean): readonly string[] => [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 5${isBounded ? statementBounds : ''}`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

const statementBounds = `/*M!100101 , SESSION max_statement_time = ${statementSeconds} */
    /*!50708 , SESSION max_execution_time = ${statementSeconds * 1_000} */`;

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

type Given = (error: NodeJS.ErrnoException | null, connection: PoolConnection) => void;

/**
 * What TypeORM calls of mysql2: a pool whose sessions are settled, which says so when nobody answers, and of which no
 * tenant takes more than its share. `isBounded` unless statements may take as long as they like, as migrations may.
 */
export const mysqlPools = (isBounded: boolean, names?: Names) => ({
  createPool(options: PoolOptions): Pool {
    const pool = createPool({ ...options, stream: mysqlSocket(names), connectionLimit: connectionsEach });
    pools.add(pool);
    const end = pool.end.bind(pool);
    pool.end = (done?: (error: NodeJS.ErrnoException | null) => void) => {
      pools.delete(pool);
      end(done);
    };

    const places = new WeakMap<object, () => void>();
    pool.on('connection', (connection) => {
      for (const setting of sessionSettings(isBounded)) {
        // These are queued in front of whatever the connection was opened for.
        connection.query(setting, (error) => {
          if (error !== null) connection.destroy();
        });
      }
      for (const way of ['release', 'destroy'] as const) {
        const letGo = connection[way].bind(connection);
        connection[way] = () => {
          letGo();
          places.get(connection)?.();
        };
      }
    });

    const shares = new TenantShares(connectionsOfTenant, waitsForOwnShareMs);
    const getConnection = pool.getConnection.bind(pool);
    const get = (done: Given, giveBack: () => void): void =>
      getConnection((error, connection) => {
        if (error === null) places.set(connection, giveBack);
        else giveBack();
        done(error !== null && isConnectionFailure(error) ? new DatabaseUnavailable(error) : error, connection);
      });
    const longShares = new TenantShares(longReadsOfTenant, waitsForOwnShareMs);
    const takeShare = callbackify(async (tenantId: string) => {
      // First, so that who waits here keeps no connection from the same tenant's short reads.
      const endLongRead = isLongRead() ? await longShares.take(tenantId) : () => undefined;
      const giveBack = await shares.take(tenantId).catch((error: unknown) => {
        endLongRead();
        throw error;
      });
      return () => {
        giveBack();
        endLongRead();
      };
    });
    pool.getConnection = (done: Given) =>
      takeShare(currentContextOrNone()?.identity.tenantId ?? '', (refusal, giveBack) => {
        if (refusal === null) get(done, giveBack);
        else done(refusal, undefined as never);
      });
    return pool;
  },
});
