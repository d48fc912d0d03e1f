import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';

/** Whether Redis answers; in the embedded mode there is nothing that could fail. */
@Injectable()
export class RedisHealth {
  constructor(private readonly redis?: Redis) {}

  get configured(): boolean {
    return this.redis !== undefined;
  }

  /** Rejects when Redis cannot be reached or is too slow to answer. */
  async check(): Promise<void> {
    await this.redis?.ping();
  }
}
