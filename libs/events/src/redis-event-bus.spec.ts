import { connectRedis } from '@libs/redis';
import { describeWith, startRedis, type TestServer } from '@libs/testing';
import type { Redis } from 'ioredis';

import { aSessionEnded, itCarriesEvents, nextEvent, nextGap } from './event-bus.fixture.js';
import { RedisEventBus } from './redis-event-bus.js';

const silent = { warn: () => undefined, log: () => undefined, error: () => undefined };

describeWith(['redis-server'], 'RedisEventBus', () => {
  let server: TestServer;
  const opened: { connections: Redis[]; buses: RedisEventBus[] } = { connections: [], buses: [] };

  const openBus = async (): Promise<RedisEventBus> => {
    const [sender, listener] = [0, 1].map(() => connectRedis(server.url, 'test', silent)) as [Redis, Redis];
    const bus = new RedisEventBus(sender, listener, silent, { heartbeatMs: 50 });
    opened.connections.push(sender, listener);
    opened.buses.push(bus);
    await nextGap(bus);
    return bus;
  };

  beforeAll(async () => void (server = await startRedis()), 30_000);
  afterAll(async () => {
    for (const bus of opened.buses) bus.onApplicationShutdown();
    for (const connection of opened.connections) connection.disconnect();
    await server?.stop();
  });

  describe('like every EventBus', () => {
    itCarriesEvents(async () => ({ here: await openBus(), there: await openBus() }));
  });

  it('says that it is not connected while Redis is away, refuses to publish, and tells of the gap after', async () => {
    const bus = await openBus();
    await server.kill();
    await until(() => !bus.connected);
    await expect(bus.publish(aSessionEnded('lost'))).rejects.toThrow(/writeable|closed|timed out/);

    const gap = nextGap(bus);
    await server.restart();
    await gap;
    expect(bus.connected).toBe(true);
    const received = nextEvent(bus, 'after');
    await untilPublished(bus, 'after');
    await received;
  }, 30_000);

  it('notices a connection that is open and silent', async () => {
    const bus = await openBus();
    server.pause();
    await until(() => !bus.connected);
    const gap = nextGap(bus);
    server.resume();
    await gap;
    expect(bus.connected).toBe(true);
  }, 30_000);

  it('takes what it cannot read for a gap', async () => {
    const bus = await openBus();
    const gap = nextGap(bus);
    await opened.connections.at(-2)?.publish('gatehouse:events', '{"topic":');
    await gap;
  });
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** The connection for commands comes back at its own time. */
async function untilPublished(bus: RedisEventBus, key: string): Promise<void> {
  for (;;) {
    try {
      await bus.publish(aSessionEnded(key));
      return;
    } catch {
      await turn();
    }
  }
}
