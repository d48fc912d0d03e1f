import { EventBus } from '@libs/events';

import { FreshCache } from './fresh-cache.js';

class SwitchableBus extends EventBus {
  connected = true;
  gap: () => void = () => undefined;

  publish = () => Promise.resolve();
  subscribe = () => () => undefined;
  onGap(listener: () => void): () => void {
    this.gap = listener;
    return () => (this.gap = () => undefined);
  }
}

/** A service whose answers are given when the test says so. */
function aService() {
  const waiting: ((owner: string) => void)[] = [];
  return {
    get calls() {
      return waiting.length;
    },
    load: () => new Promise<{ owner: string }>((resolve) => waiting.push((owner) => resolve({ owner }))),
    answer: (call: number, owner: string) => waiting[call]?.(owner),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('FreshCache', () => {
  let now: number;
  let bus: SwitchableBus;
  let service: ReturnType<typeof aService>;
  let cache: FreshCache<{ owner: string }>;

  beforeEach(() => {
    now = 0;
    bus = new SwitchableBus();
    service = aService();
    cache = new FreshCache({ bus, tagsOf: ({ owner }) => [`user:${owner}`], maxEntries: 2, clock: () => now });
  });

  const ask = (key = 'k') => cache.get(key, service.load);
  const fill = async (key: string, owner: string) => {
    const answer = ask(key);
    await turn();
    service.answer(service.calls - 1, owner);
    return answer;
  };
  const callsFor = async (key: string) => {
    const before = service.calls;
    void ask(key);
    await turn();
    return service.calls - before;
  };

  it('asks once and remembers', async () => {
    await fill('k', 'alice');
    expect(await ask()).toEqual({ owner: 'alice' });
    expect(service.calls).toBe(1);
  });

  it('lets concurrent questions share one call', async () => {
    const answers = [ask(), ask(), ask()];
    await turn();
    service.answer(0, 'alice');
    await Promise.all(answers);
    expect(service.calls).toBe(1);
  });

  it('forgets what an event makes stale, and only that', async () => {
    await fill('a', 'alice');
    await fill('b', 'bob');
    cache.invalidate('user:alice');
    expect(await callsFor('b')).toBe(0);
    expect(await callsFor('a')).toBe(1);
  });

  it('does not keep an answer that was on its way while an event made it stale', async () => {
    const early = ask();
    await turn();
    cache.invalidate('user:alice');
    const late = ask();
    await turn();
    expect(service.calls).toBe(2);
    service.answer(0, 'alice');
    expect(await early).toEqual({ owner: 'alice' });
    service.answer(1, 'carol');
    expect(await late).toEqual({ owner: 'carol' });
    expect(await ask()).toEqual({ owner: 'carol' });
  });

  it('keeps an answer that was on its way while an event was about something else', async () => {
    const answer = ask();
    await turn();
    cache.invalidate('user:bob');
    service.answer(0, 'alice');
    await answer;
    expect(await callsFor('k')).toBe(0);
  });

  it('drops everything at a gap, also what is on its way', async () => {
    await fill('a', 'alice');
    const onItsWay = ask('b');
    await turn();
    bus.gap();
    service.answer(1, 'bob');
    await onItsWay;
    expect(await callsFor('a')).toBe(1);
    expect(await callsFor('b')).toBe(1);
  });

  it.each([
    { when: 'events are heard', connected: true, lastsMs: 60_000 },
    { when: 'they may be missed', connected: false, lastsMs: 1_000 },
  ])('keeps an answer for $lastsMs ms while $when', async ({ connected, lastsMs }) => {
    await fill('k', 'alice');
    bus.connected = connected;
    now = lastsMs - 1;
    expect(await callsFor('k')).toBe(0);
    now = lastsMs;
    expect(await callsFor('k')).toBe(1);
  });

  it('does not remember a failure', async () => {
    await expect(cache.get('k', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await fill('k', 'alice')).toEqual({ owner: 'alice' });
  });

  it('holds no more than it may', async () => {
    for (const key of ['a', 'b', 'c']) await fill(key, 'alice');
    expect(await callsFor('c')).toBe(0);
    expect(await callsFor('a')).toBe(1);
  });
});
