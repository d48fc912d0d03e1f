import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { connectRedis } from './redis-connection.js';

/** The two connections of a process, closed last: what shuts down before may still publish. */
export class RedisConnections implements OnApplicationShutdown {
  readonly commands: Redis;
  readonly events: Redis;

  constructor(url: string) {
    const logger = new Logger('Redis');
    this.commands = connectRedis(url, 'commands', logger);
    this.events = connectRedis(url, 'events', logger);
  }

  onApplicationShutdown(): void {
    this.commands.disconnect();
    this.events.disconnect();
  }
}
