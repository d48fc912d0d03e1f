import { Logger } from '@nestjs/common';

import { type BusEvent, EventBus } from '@libs/events';
import { onEachDatabase } from '@libs/testing';

import type { Database } from '../database/database.js';
import { Outbox } from './outbox.js';
import { OutboxEvent } from './outbox-event.entity.js';
import { OutboxRelay } from './outbox-relay.js';

/** Remembers what was published, and can be away. */
class FakeBus extends EventBus {
  readonly published: BusEvent[] = [];
  readonly attempts: string[] = [];
  connected = true;

  publish(event: BusEvent): Promise<void> {
    this.attempts.push(event.key);
    if (!this.connected) return Promise.reject(new Error('the bus is away'));
    this.published.push(event);
    return Promise.resolve();
  }

  subscribe(): () => void {
    return () => undefined;
  }

  onGap(): () => void {
    return () => undefined;
  }
}

const inAnHour = (): number => Date.now() + 60 * 60 * 1000;

describe('Outbox', () => {
  onEachDatabase({ entities: [], migrations: [] }, (under) => {
    let database: Database;
    let bus: FakeBus;
    let relay: OutboxRelay;
    let outbox: Outbox;
    const waiting = () => database.manager.count(OutboxEvent);
    const keys = () => bus.published.map((event) => event.key);

    /** One that shares the database and nothing else, as another process would. */
    const aProcess = (): { relay: OutboxRelay; outbox: Outbox } => {
      const relay = new OutboxRelay(database, bus);
      return { relay, outbox: new Outbox(database, relay) };
    };

    /** After-commit work is not waited for; a further transaction comes after it was started. */
    const settle = () => new Promise((resolve) => setImmediate(resolve));

    const change = async (userId: string): Promise<void> => {
      await database.transaction(() => outbox.add('user.changed', userId, { userId }));
      await settle();
    };

    beforeAll(() => Logger.overrideLogger(false));

    beforeEach(async () => {
      ({ database } = under());
      await database.transaction((manager) => manager.createQueryBuilder().delete().from(OutboxEvent).execute());
      bus = new FakeBus();
      ({ relay, outbox } = aProcess());
    });

    it('publishes an event right after the commit', async () => {
      await change('user-1');
      expect(bus.published).toEqual([
        {
          topic: 'user.changed',
          key: 'user-1',
          payload: { userId: 'user-1' },
          id: expect.any(String),
          time: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ]);
    });

    it('publishes nothing of a transaction that fails', async () => {
      const work = database.transaction(async () => {
        await outbox.add('user.changed', 'user-1', { userId: 'user-1' });
        throw new Error('rolled back');
      });
      await expect(work).rejects.toThrow('rolled back');
      await settle();
      await relay.sweep(inAnHour());
      expect(bus.attempts).toEqual([]);
    });

    it('takes no event outside a transaction', async () => {
      await expect(outbox.add('user.changed', 'user-1', { userId: 'user-1' })).rejects.toThrow('transaction');
    });

    it('deletes what is published, and publishes it once', async () => {
      await change('user-1');
      expect(await waiting()).toBe(1);
      await relay.sweep(inAnHour());
      expect(await waiting()).toBe(0);
      expect(keys()).toEqual(['user-1']);
    });

    it('keeps what could not be published, and publishes it in order when the bus is back', async () => {
      bus.connected = false;
      await change('user-1');
      await change('user-2');
      await relay.sweep(inAnHour());
      expect(keys()).toEqual([]);
      expect(await waiting()).toBe(2);

      bus.connected = true;
      await relay.sweep(inAnHour());
      expect(keys()).toEqual(['user-1', 'user-2']);
      expect(await waiting()).toBe(0);
    });

    it('asks a bus that is away for one event at a time', async () => {
      bus.connected = false;
      await change('user-1');
      await change('user-2');
      bus.attempts.length = 0;
      await relay.sweep(inAnHour());
      expect(bus.attempts).toEqual(['user-1']);
    });

    it('publishes what a process left that died after its commit', async () => {
      bus.connected = false;
      await change('user-1');
      bus.connected = true;
      const survivor = aProcess();
      await survivor.relay.sweep(Date.now());
      expect(keys()).toEqual([]);
      await survivor.relay.sweep(inAnHour());
      expect(keys()).toEqual(['user-1']);
    });

    it('waits, when it stops, for the event that is being published', async () => {
      const taken = Promise.withResolvers<void>();
      bus.publish = (event) => taken.promise.then(() => void bus.published.push(event));
      relay.start();
      await change('user-1');
      let isStopped = false;
      const stopped = relay.stop().then(() => (isStopped = true));
      await settle();
      expect(isStopped).toBe(false);
      taken.resolve();
      await stopped;
      expect(keys()).toEqual(['user-1']);
      expect(await waiting()).toBe(0);
    });

    it('forgets what is published when it stops', async () => {
      relay.start();
      await change('user-1');
      await relay.stop();
      expect(await waiting()).toBe(0);
    });
  });
});
