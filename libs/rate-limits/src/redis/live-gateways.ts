import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { slotTag } from './limit-batch.js';

const key = `${slotTag}:gateways`;

/** Three beats may be lost before a gateway counts as gone. */
const beatMs = 1_000;
const lifeMs = 3_500;

const beatScript = /* lua */ `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;

/**
 * How many gateways share the limits. Each one announces itself; while Redis cannot tell, what it said last holds,
 * because an outage of Redis is not one of the gateways.
 */
@Injectable()
export class LiveGateways implements BeforeApplicationShutdown {
  private readonly id = randomBytes(9).toString('base64url');
  private timer: NodeJS.Timeout | undefined;
  private lastCount = 1;

  /** Without Redis this process shares its limits with nobody. */
  constructor(private readonly redis?: Redis) {}

  get count(): number {
    return this.lastCount;
  }

  /** From now on this process is one of them. Waits a moment for Redis, so that the first request finds it. */
  async join(): Promise<this> {
    const { redis } = this;
    if (redis === undefined) return this;
    this.timer = setInterval(() => void this.beat(), beatMs).unref();
    if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(beatMs) }).catch(() => []);
    redis.on('ready', () => void this.beat());
    await this.beat();
    return this;
  }

  async beat(): Promise<void> {
    try {
      this.lastCount = Math.max(1, Number(await this.redis?.eval(beatScript, 1, key, this.id, lifeMs)));
    } catch {
      // That Redis is away, its connection has said.
    }
  }

  /** The others may have its share at once. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    await this.redis?.zrem(key, this.id).catch(() => 0);
  }
}
