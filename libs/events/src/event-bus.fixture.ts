import type { BusEvent, GatehouseEvent } from './catalogue.js';
import type { EventBus } from './event-bus.js';

const ended = (sessionId: string): BusEvent => ({
  topic: 'session.ended',
  key: sessionId,
  payload: { sessionId, userId: 'user-alice' },
  id: `event-${sessionId}`,
  time: '2026-01-02T03:04:05.678Z',
});

const changed: BusEvent = { ...ended('none'), topic: 'user.changed', payload: { userId: 'user-alice' } };

/** Resolves with the first event of the topic that carries the key. */
export function nextEvent(bus: EventBus, key: string): Promise<GatehouseEvent<'session.ended'>> {
  return new Promise((resolve) => {
    const stop = bus.subscribe(['session.ended'], (event) => {
      if (event.key !== key) return;
      stop();
      resolve(event);
    });
  });
}

export const aSessionEnded = ended;

/** What every EventBus does. `start` gives two ends that meet, as two processes would. */
export function itCarriesEvents(start: () => Promise<{ here: EventBus; there: EventBus }>): void {
  let here: EventBus;
  let there: EventBus;

  beforeAll(async () => ({ here, there } = await start()));

  it('is connected', () => {
    expect([here.connected, there.connected]).toEqual([true, true]);
  });

  it('brings an event to the other end, whole', async () => {
    const received = nextEvent(there, 'whole');
    await here.publish(ended('whole'));
    expect(await received).toEqual(ended('whole'));
  });

  it('brings an event to its own end too', async () => {
    const received = nextEvent(here, 'own');
    await here.publish(ended('own'));
    expect((await received).payload.userId).toBe('user-alice');
  });

  it('brings only the topics asked for, in order', async () => {
    const keys: string[] = [];
    const stop = there.subscribe(['session.ended'], ({ key }) => void keys.push(key));
    const last = nextEvent(there, 'second');
    await here.publish(ended('first'));
    await here.publish(changed);
    await here.publish(ended('second'));
    await last;
    stop();
    expect(keys).toEqual(['first', 'second']);
  });

  it('stops when asked to', async () => {
    const heard: string[] = [];
    there.subscribe(['session.ended'], ({ key }) => void heard.push(key))();
    const received = nextEvent(there, 'unheard');
    await here.publish(ended('unheard'));
    await received;
    expect(heard).toEqual([]);
  });

  it('keeps an event from nobody because one listener fails', async () => {
    const stop = there.subscribe(['session.ended'], () => {
      throw new Error('a listener of this test fails');
    });
    const received = nextEvent(there, 'robust');
    await here.publish(ended('robust'));
    await received;
    stop();
  });
}

/** Resolves when the bus tells that events may have been missed. */
export const nextGap = (bus: EventBus): Promise<void> =>
  new Promise((resolve) => {
    const stop = bus.onGap(() => {
      stop();
      resolve();
    });
  });
