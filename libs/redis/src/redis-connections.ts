import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import type { Names } from '@libs/names';

import { connectRedis } from './redis-connection.js';

/**
 * The two connections of a process, none without Redis. They are closed last: what shuts down before may still publish.
 */
export class RedisConnections implements OnApplicationShutdown {
  readonly commands: Redis | undefined;
  /** One that has subscribed takes no other commands. */
  readonly events: Redis | undefined;

  constructor(url: string | undefined, names?: Names) {
    if (url === undefined) return;
    const logger = new Logger('Redis');
    this.commands = connectRedis(url, 'commands', logger, names);
    this.events = connectRedis(url, 'events', logger, names);
  }

  onApplicationShutdown(): void {
    this.commands?.disconnect();
    this.events?.disconnect();
  }
}
