import { itCarriesEvents } from './event-bus.fixture.js';
import { MemoryEventBus } from './memory-event-bus.js';
import { Subscriptions } from './subscriptions.js';

const silent = { error: () => undefined };

describe('MemoryEventBus', () => {
  const hub = new Subscriptions(silent);
  itCarriesEvents(async () => ({ here: new MemoryEventBus(hub), there: new MemoryEventBus(hub) }));

  it('lets all services of the process meet, unless told otherwise', async () => {
    const heard = new Promise((resolve) => new MemoryEventBus().subscribe(['user.changed'], resolve));
    const event = { topic: 'user.changed', key: 'u', payload: { userId: 'u' }, id: '1', time: '2026-01-01T00:00:00Z' };
    await new MemoryEventBus().publish(event);
    expect(await heard).toEqual(event);
  });
});
