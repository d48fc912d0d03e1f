import { Counter, Gauge, type Registry } from 'prom-client';

import { databasePools, storageFaults } from '@libs/persistence';
import { type CacheCount, cacheCounts, redisConnections } from '@libs/redis';

/** What this process keeps in memory, and its connections to what keeps the rest. */
export function watchStores(register: Registry): void {
  const cacheCounter = (name: string, help: string, part: 'hits' | 'misses'): Counter =>
    new Counter({
      name,
      help,
      labelNames: ['cache'],
      registers: [],
      collect() {
        this.reset();
        for (const count of cacheCounts()) this.inc({ cache: count.cache }, count[part]);
      },
    });
  const gauge = (name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        this.reset();
        for (const [value, number] of read()) this.set({ [label]: value }, number);
      },
    });
  const entriesOf = ({ cache, entries }: CacheCount): readonly [string, number] => [cache, entries];
  for (const metric of [
    cacheCounter('cache_hits_total', 'Answers that were remembered', 'hits'),
    cacheCounter('cache_misses_total', 'Answers that another service was asked for', 'misses'),
    gauge('cache_entries', 'What a cache remembers', 'cache', () => cacheCounts().map(entriesOf)),
    gauge(
      'database_connections',
      'Connections to MySQL that are open or free, and work that waits for one',
      'state',
      () => Object.entries(databasePools()),
    ),
    gauge(
      'database_writes_refused',
      'Databases that read and take no writes, and why: full, read-only, failing',
      'reason',
      () => Object.entries(storageFaults()),
    ),
    gauge('redis_up', '1 while the connection to Redis works', 'purpose', () =>
      [...redisConnections()].map(([purpose, works]) => [purpose, works ? 1 : 0] as const),
    ),
  ]) {
    register.registerMetric(metric);
  }
}
