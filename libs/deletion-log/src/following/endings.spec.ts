import { MoreThan } from 'typeorm';

import { type BusEvent, EventBus, type GatehouseEvent, type GatehouseTopic, MemoryEventBus } from '@libs/events';
import { type Database, newId, Outbox, OutboxRelay, type Piece } from '@libs/persistence';
import { onEachDatabase, until } from '@libs/testing';

import { deletionLogTables } from '../deletion-log.module.js';
import { Ending, EndingUnderWay, FollowedEndings } from '../log/ending.entity.js';
import { EndingsFollower } from './endings-follower.js';
import { EndingsLog } from '../log/endings-log.js';
import { followerStates } from './follower-states.js';

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
  onEachDatabase(deletionLogTables, (under) => {
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
      apply = async ({ subjectId }: Ending): Promise<Piece> => {
        applied.push(subjectId);
        return 'done';
      },
    ) => new EndingsFollower(database, bus, { source, fetch: (after, limit) => log.after(after, limit), apply });

    beforeEach(async () => {
      ({ database } = under());
      source = newId().slice(-12);
      applied = [];
      await database.transaction((manager) => manager.delete(Ending, { position: MoreThan(0) }));
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
        return 'done';
      });
      await expect(failing.catchUp()).rejects.toThrow('not now');
      await followerOn(new DeafBus(), log).catchUp();
      expect(applied).toEqual(['a', 'b']);
    });

    it('are followed once by processes that follow together', async () => {
      const log = logOn(new DeafBus());
      for (let index = 0; index < 20; index += 1) await ends(log, `n${index}`);
      // What is applied counts once it is committed: a try that collides is run again.
      const apply = async ({ subjectId }: Ending): Promise<Piece> => {
        database.afterCommit(() => void applied.push(subjectId));
        return 'done';
      };
      const processes = Array.from({ length: 4 }, () => followerOn(new DeafBus(), log, apply));
      await Promise.all(processes.map((one) => one.catchUp()));
      await Promise.all(processes.map((one) => one.catchUp()));
      expect(applied.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `n${index}`).toSorted());
      expect(new Set(applied).size).toBe(20);
    });

    /** What each ending leaves to be done, as rows that its pieces take away. */
    const piecesOf = (sizes: Record<string, number>) => {
      const left = { ...sizes };
      return {
        left,
        apply: async ({ subjectId }: Ending): Promise<Piece> => {
          database.afterCommit(() => {
            applied.push(subjectId);
            left[subjectId] = (left[subjectId] ?? 0) - 1;
          });
          return (left[subjectId] ?? 0) > 1 ? 'more' : 'done';
        },
      };
    };
    const underWay = () => database.manager.countBy(EndingUnderWay, { source });

    it('are worked off by turns, a piece each, so that a small one does not wait for a large one', async () => {
      const log = logOn(new DeafBus());
      for (const name of ['large', 'larger', 'small']) await ends(log, name);
      const { apply } = piecesOf({ large: 3, larger: 4, small: 1 });
      await followerOn(new DeafBus(), log, apply).catchUp();
      expect(applied).toEqual(['large', 'larger', 'small', 'large', 'larger', 'large', 'larger', 'larger']);
      expect(await underWay()).toBe(0);
    });

    it('that come while a large one is worked off have their turn next', async () => {
      const log = logOn(new DeafBus());
      await ends(log, 'large');
      const { apply } = piecesOf({ large: 5, late: 1 });
      const fetch = async (after: number, limit: number) => {
        if (applied.length === 2) await ends(log, 'late');
        return log.after(after, limit);
      };
      await new EndingsFollower(database, new DeafBus(), { source, fetch, apply }).catchUp();
      expect(applied).toEqual(['large', 'large', 'late', 'large', 'large', 'large']);
    });

    it('go on after a crash with what is left, and no piece is done twice', async () => {
      const log = logOn(new DeafBus());
      await ends(log, 'large');
      const { apply, left } = piecesOf({ large: 4 });
      const dies = followerOn(new DeafBus(), log, async (ending) => {
        const piece = await apply(ending);
        if (left['large'] === 2) throw new Error('killed');
        return piece;
      });
      await expect(dies.catchUp()).rejects.toThrow('killed');
      expect([left['large'], await underWay()]).toEqual([2, 1]);
      await followerOn(new DeafBus(), log, apply).catchUp();
      expect([left['large'], applied.length, await underWay()]).toEqual([0, 4, 0]);
    });

    it('do not wait for one whose pieces fail, which is seen', async () => {
      const log = logOn(new DeafBus());
      for (const name of ['broken', 'b', 'c']) await ends(log, name);
      const follower = followerOn(new DeafBus(), log, async ({ subjectId }) => {
        if (subjectId === 'broken') throw new Error('not now');
        applied.push(subjectId);
        return 'done';
      });
      const { movedAt } = follower.state;
      await expect(follower.catchUp()).rejects.toThrow('not now');
      expect(applied).toEqual(['b', 'c']);
      const [broken] = await log.after(0, 1);
      expect(follower.state).toMatchObject({ source, waiting: 1, oldestEndedAt: broken?.endedAt });
      expect(follower.state.movedAt.getTime()).toBeGreaterThanOrEqual(movedAt.getTime());
    });

    it('are worked off while those that follow cannot be read', async () => {
      const log = logOn(new DeafBus());
      for (const name of ['large', 'b']) await ends(log, name);
      const { apply } = piecesOf({ large: 3, b: 1 });
      let reads = 0;
      const fetch = async (after: number, limit: number) => {
        reads += 1;
        if (reads > 1) throw new Error('away');
        return log.after(after, limit);
      };
      await expect(new EndingsFollower(database, new DeafBus(), { source, fetch, apply }).catchUp()).rejects.toThrow(
        'away',
      );
      expect(applied).toEqual(['large', 'b', 'large', 'large']);
    });

    it('are worked off piece by piece by processes that follow together, none of them twice', async () => {
      const log = logOn(new DeafBus());
      for (const name of ['x', 'y', 'z']) await ends(log, name);
      const rows: Record<string, number> = { x: 12, y: 12, z: 1 };
      const { apply, left } = piecesOf(rows);
      const processes = Array.from({ length: 4 }, () => followerOn(new DeafBus(), log, apply));
      await Promise.all(processes.map((one) => one.catchUp()));
      await Promise.all(processes.map((one) => one.catchUp()));
      expect(left).toEqual({ x: 0, y: 0, z: 0 });
      expect(await underWay()).toBe(0);
    });

    it('show how those who follow get on, for as long as they do', async () => {
      const follower = followerOn(new DeafBus(), logOn(new DeafBus()));
      const shown = () => followerStates().filter((state) => state.source === source);
      expect(shown()).toEqual([]);
      follower.onApplicationBootstrap();
      expect(shown()).toMatchObject([{ waiting: 0, oldestEndedAt: undefined }]);
      await follower.beforeApplicationShutdown();
      expect(shown()).toEqual([]);
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
