import type { LoggerService } from '@nestjs/common';
import { Redis } from 'ioredis';

import { type Names, names as ownNames } from '@libs/names';

import { connectorWith } from './connector-with.js';
import { traceCommands } from './command-spans.js';

const open = new Set<{ readonly purpose: string; readonly redis: Redis }>();

/** For the metrics: whether the connections of this process work, by what they are for. */
export function redisConnections(): Map<string, boolean> {
  for (const connection of open) if (connection.redis.status === 'end') open.delete(connection);
  const works = new Map<string, boolean>();
  for (const { purpose, redis } of open) works.set(purpose, works.get(purpose) !== false && redis.status === 'ready');
  return works;
}

/**
 * Commands fail at once while there is no connection, and after a second without an answer: a request must
 * never stand in a queue that grows while Redis is away. The connection itself is tried for ever.
 */
export function connectRedis(
  url: string,
  purpose: string,
  logger: Pick<LoggerService, 'warn' | 'log'>,
  names: Names = ownNames,
): Redis {
  const redis = new Redis(url, {
    Connector: connectorWith(names.lookup),
    connectionName: `gatehouse-${purpose}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    commandTimeout: 1_000,
    connectTimeout: 2_000,
    disconnectTimeout: 200,
    retryStrategy: (attempt) => Math.min(attempt * 50, 500),
  });
  // One line for each outage, not one for each attempt.
  let down = false;
  redis.on('error', (error: Error) => {
    if (!down) logger.warn(`no connection to Redis for ${purpose}: ${error.message}`);
    down = true;
  });
  redis.on('ready', () => {
    if (down) logger.log(`connected to Redis for ${purpose} again`);
    down = false;
  });
  open.add({ purpose, redis });
  return traceCommands(redis);
}
