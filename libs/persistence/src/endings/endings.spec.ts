import { type BusEvent, EventBus, type GatehouseEvent, type GatehouseTopic, MemoryEventBus } from '@libs/redis';
import { until } from '@libs/testing';

import type { Database } from '../database/database.js';
import { onEachDatabase } from '../databases.fixture.js';
import { newId } from '../ids/new-id.js';
import { Outbox } from '../outbox/outbox.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { Ending, FollowedEndings } from './ending.entity.js';
import { EndingsFollower } from './endings-follower.js';
import { EndingsLog } from './endings-log.js';

/** Carries nothing: what was said was lost. */
class DeafBus extends EventBus {
  readonly connected = true;
  override publish(_event: BusEvent): Promise<void> {
    return Promise.resolve();
  }
  override subscribe<T extends GatehouseTopic>(
    _topics: readonly T[],
    _handler: (event: GatehouseEvent<T>) => void,
  ): () => void {
    return () => undefined;
  }
  override onGap(): () => void {
    return () => undefined;
  }
}

describe('endings', () => {
  onEachDatabase({ entities: [], migrations: [] }, (under) => {
    let database: Database;
    let source: string;
    let applied: string[];

    const logOn = (bus: EventBus): EndingsLog =>
      new EndingsLog(database, new Outbox(database, new OutboxRelay(database, bus)));
    const ends = (log: EndingsLog, subjectId: string): Promise<void> =>
      database.transaction(() => log.add({ kind: 'thing', subjectId, tenantId: '' }));

    const followerOn = (
      bus: EventBus,
      log: EndingsLog,
      apply = async ({ subjectId }: Ending): Promise<void> => void applied.push(subjectId),
    ) => new EndingsFollower(database, bus, { source, fetch: (after, limit) => log.after(after, limit), apply });

    beforeEach(async () => {
      ({ database } = under());
      source = newId().slice(-12);
      applied = [];
      await database.transaction((manager) => manager.createQueryBuilder().delete().from(Ending).execute());
    });

    it('are followed at once, in their order', async () => {
      const bus = new MemoryEventBus();
      const log = logOn(bus);
      const follower = followerOn(bus, log);
      follower.onApplicationBootstrap();
      for (const name of ['a', 'b', 'c']) await ends(log, name);
      await until(
        async () => applied.length,
        (count) => count === 3,
      );
      expect(applied).toEqual(['a', 'b', 'c']);
      await follower.beforeApplicationShutdown();
    });

    it('are caught up with by whoever was away, more than a batch of them, once', async () => {
      const bus = new DeafBus();
      const log = logOn(bus);
      const names = Array.from({ length: 130 }, (_, index) => `n${index}`);
      for (const name of names) await ends(log, name);
      await followerOn(bus, log).catchUp();
      await followerOn(bus, log).catchUp();
      expect(applied).toEqual(names);
    });

    it('are not passed over when what follows fails', async () => {
      const log = logOn(new DeafBus());
      await ends(log, 'a');
      await ends(log, 'b');
      const failing = followerOn(new DeafBus(), log, async ({ subjectId }) => {
        if (subjectId === 'b') throw new Error('not now');
        applied.push(subjectId);
      });
      await expect(failing.catchUp()).rejects.toThrow('not now');
      await followerOn(new DeafBus(), log).catchUp();
      expect(applied).toEqual(['a', 'b']);
    });

    it('are followed once by processes that follow together', async () => {
      const log = logOn(new DeafBus());
      for (let index = 0; index < 20; index += 1) await ends(log, `n${index}`);
      // What is applied counts once it is committed: a try that collides is run again.
      const apply = async ({ subjectId }: Ending) => database.afterCommit(() => void applied.push(subjectId));
      const processes = Array.from({ length: 4 }, () => followerOn(new DeafBus(), log, apply));
      await Promise.all(processes.map((one) => one.catchUp()));
      await Promise.all(processes.map((one) => one.catchUp()));
      expect(applied.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `n${index}`).toSorted());
      expect(new Set(applied).size).toBe(20);
    });

    it('have no gap that is filled later, however many write at once', async () => {
      const log = logOn(new DeafBus());
      const seen: number[] = [];
      const writing = Promise.all(Array.from({ length: 25 }, (_, index) => ends(log, `w${index}`)));
      let last = 0;
      let isOver = false;
      void writing.finally(() => (isOver = true));
      while (!isOver || (await log.after(last, 100)).length > 0) {
        for (const { position } of await log.after(last, 100)) seen.push((last = position));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(seen).toHaveLength(25);
    });

    it('belong into a transaction', async () => {
      const log = logOn(new DeafBus());
      const work = database.transaction(async () => {
        await log.add({ kind: 'thing', subjectId: 'x', tenantId: '' });
        throw new Error('rolled back');
      });
      await expect(work).rejects.toThrow('rolled back');
      expect(await log.after(0, 10)).toEqual([]);
      expect(await database.manager.countBy(FollowedEndings, { source })).toBe(0);
    });
  });
});
