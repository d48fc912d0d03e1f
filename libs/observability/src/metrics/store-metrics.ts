import { Counter, Gauge, type Registry } from 'prom-client';

import { type CacheCount, cacheCounts } from '@libs/caches';
import { type FollowerState, followerStates } from '@libs/deletion-log';
import { databasePools, storageFaults } from '@libs/persistence';
import { redisConnections } from '@libs/redis';

const secondsSince = (time: Date | undefined): number =>
  time === undefined ? 0 : (Date.now() - time.getTime()) / 1000;

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
  const followed = (read: (state: FollowerState) => number) => (): (readonly [string, number])[] =>
    followerStates().map((state) => [state.source, read(state)] as const);
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
    gauge(
      'endings_waiting',
      'What has ended in another service and is not worked off here',
      'source',
      followed(({ waiting }) => waiting),
    ),
    gauge(
      'endings_oldest_seconds',
      'For how long the oldest ending that is not worked off has waited; 0 where none does',
      'source',
      followed(({ oldestEndedAt }) => secondsSince(oldestEndedAt)),
    ),
    gauge(
      'endings_still_seconds',
      'Since when nothing of the endings was worked off, and nobody found that nothing is to be done',
      'source',
      followed(({ movedAt }) => secondsSince(movedAt)),
    ),
    gauge('redis_up', '1 while the connection to Redis works', 'purpose', () =>
      [...redisConnections()].map(([purpose, works]) => [purpose, works ? 1 : 0] as const),
    ),
  ]) {
    register.registerMetric(metric);
  }
}
