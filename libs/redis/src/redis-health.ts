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

  /** What its clock says, in milliseconds since 1970. */
  async time(): Promise<number | undefined> {
    if (this.redis === undefined) return undefined;
    const [seconds, microseconds] = await this.redis.time();
    return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  }
}
