import { MemoryRateLimiter } from '@libs/rate-limits';

import { NotedSecurityLog } from '../security-events/security-log.fixture.js';
import { GuessCounter, type LoginAttempt } from './guess-counter.js';

const second = 1_000;
const hour = 3_600 * second;

describe('GuessCounter', () => {
  let now: number;
  let counter: GuessCounter;
  beforeEach(() => {
    now = Date.parse('2026-01-01T00:00:00Z');
    counter = new GuessCounter(new MemoryRateLimiter({ clock: () => now }), new NotedSecurityLog(), {
      guessesPerAddress: 100,
    });
  });

  const attempt = (changes: Partial<LoginAttempt> = {}): LoginAttempt => ({
    login: 'alice',
    userId: undefined,
    address: '192.0.2.1',
    lastSessionHere: undefined,
    ...changes,
  });
  /** The seconds that are to be waited, or 0 for an attempt that may be checked. */
  const delayOf = async (work: Promise<void>): Promise<number> => {
    try {
      await work;
      return 0;
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED' });
      return Number((error as { headers: Record<string, string> }).headers['retry-after']);
    }
  };
  const login = (changes: Partial<LoginAttempt> = {}) => delayOf(counter.beforeLogin(attempt(changes)));
  const admitted = (delays: readonly number[]): number => delays.filter((delay) => delay === 0).length;

  it('admits five attempts of fifty that come at once', async () => {
    expect(admitted(await Promise.all(Array.from({ length: 50 }, () => login())))).toBe(5);
  });

  it('makes whoever goes on wait longer and longer, and never for ever', async () => {
    const delayAfter = new Map<number, number>();
    let attempts = 0;
    while (attempts < 60) {
      const delay = await login();
      if (delay === 0) attempts += 1;
      else delayAfter.set(attempts, delay);
      now += delay * second;
    }
    const [after5 = 0, after10 = 0, after20 = 0, after50 = 0] = [5, 10, 20, 50].map((count) => delayAfter.get(count));
    expect(after5).toBeGreaterThan(55);
    expect(after10).toBeGreaterThan(5 * after5);
    expect(after20).toBeGreaterThan(3 * after10);
    expect(after50).toBeGreaterThan(10 * after20);
    expect(after50).toBeLessThanOrEqual(25 * 3_600);
  });

  it('does not spend what it refuses: hammering makes nobody wait longer', async () => {
    for (let tries = 0; tries < 100; tries += 1) await login();
    now += 62 * second;
    expect(await login()).toBe(0);
  });

  it('counts all names of an account as one, and those of nobody each', async () => {
    for (let tries = 0; tries < 5; tries += 1) await login({ login: 'alice', userId: 'user-alice' });
    expect(await login({ login: 'alice@example.com', userId: 'user-alice' })).toBeGreaterThan(0);
    for (let tries = 0; tries < 5; tries += 1) await login({ login: 'nobody' });
    expect(await login({ login: 'nobody@example.com' })).toBe(0);
  });

  it('begins afresh after a right password', async () => {
    for (let tries = 0; tries < 6; tries += 1) await login();
    expect(await login({ lastSessionHere: 'session-1' })).toBe(0);
  });

  it.each([
    { what: 'spells a name in another case', changes: { login: 'ALICE' } },
    { what: 'moves about in one IPv6 network', changes: { address: '2001:db8::2' }, first: { address: '2001:db8::1' } },
  ])('is not fooled by who $what', async ({ changes, first = {} }) => {
    for (let tries = 0; tries < 5; tries += 1) await login(first);
    expect(await login(changes)).toBeGreaterThan(0);
  });

  it('slows many addresses down that guess at one account, and not its owner where they were before', async () => {
    const strangers = Array.from({ length: 200 }, (_, at) => login({ address: `198.51.100.${at}` }));
    expect(admitted(await Promise.all(strangers))).toBe(20);
    expect(await login({ lastSessionHere: 'session-1' })).toBe(0);
    expect(await login({ address: '203.0.113.1' })).toBeGreaterThan(0);
    now += 1 * hour;
    expect(await login({ address: '203.0.113.1' })).toBe(0);
  });

  it('slows one address down that tries many accounts, and nobody who is known there', async () => {
    const spraying = Array.from({ length: 300 }, (_, at) => login({ login: `user-${at}` }));
    expect(admitted(await Promise.all(spraying))).toBe(100);
    expect(await login({ login: 'bob', lastSessionHere: 'session-of-bob' })).toBe(0);
    expect(await login({ login: 'bob', address: '203.0.113.1' })).toBe(0);
  });

  it('counts tokens by address, whatever they are for', async () => {
    const delays = await Promise.all(Array.from({ length: 120 }, () => delayOf(counter.beforeToken('192.0.2.1'))));
    expect(admitted(delays)).toBe(100);
    expect(await delayOf(counter.beforeToken(''))).toBe(0);
  });

  it('counts changes of a password by session, so that a stolen one keeps no other waiting', async () => {
    const change = (sessionId: string) => delayOf(counter.beforeSecretOfSession(sessionId, '192.0.2.1'));
    expect(admitted(await Promise.all(Array.from({ length: 50 }, () => change('stolen'))))).toBe(5);
    expect(await change('own')).toBe(0);
    expect(await login()).toBe(0);
  });
});
