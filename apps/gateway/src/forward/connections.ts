import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'undici';

import type { Instance } from '../balance/instance.js';
import type { Service } from '../balance/service.js';

/** The open connections to each instance. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly pools = new Map<Instance, Pool>();

  to(instance: Instance, { config }: Service): Pool {
    let pool = this.pools.get(instance);
    if (pool === undefined) {
      pool = new Pool(instance.model.origin, {
        connections: config.connections,
        pipelining: 1,
        allowH2: false,
        connect: { timeout: config.timeouts.connect },
      });
      this.pools.set(instance, pool);
    }
    return pool;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
    this.pools.clear();
  }
}
