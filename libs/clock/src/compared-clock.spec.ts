import { type AskTime, ComparedClock, type TimeSource } from './compared-clock.js';

/** The real time of these tests, and a process whose wall clock is `aheadMs` from it. */
class World {
  realMs = 1_800_000_000_000;
  aheadMs = 0;
  private readonly bootedAt = this.realMs - 123_456;

  readonly own: TimeSource = {
    wall: () => this.realMs + this.aheadMs,
    monotonic: () => this.realMs - this.bootedAt,
  };

  /** A clock that is `aheadMs` from the real time, and as far away as the round trips say, one for each call. */
  reference(aheadMs = 0, roundTripsMs: readonly number[] = [0]): AskTime {
    let calls = 0;
    return async () => {
      const roundTripMs = roundTripsMs[Math.min(calls++, roundTripsMs.length - 1)] ?? 0;
      this.realMs += roundTripMs / 2;
      const told = this.realMs + aheadMs;
      this.realMs += roundTripMs / 2;
      return told;
    };
  }
}

const leewayMs = 5_000;

describe('ComparedClock', () => {
  let world: World;
  let clock: ComparedClock;

  beforeEach(() => {
    world = new World();
    clock = new ComparedClock(leewayMs, world.own);
  });

  const refusal = (): unknown => {
    try {
      clock.refuseIfOff();
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('is right while there is nobody to compare it with', async () => {
    world.aheadMs = 3_600_000;
    await clock.measure();
    expect(clock.hasReferences).toBe(false);
    expect(clock.believed()).toBeUndefined();
    expect(clock.now()).toBe(world.own.wall());
    expect(refusal()).toBeUndefined();
  });

  it.each([
    { ahead: 0, isOff: false },
    { ahead: 4_999, isOff: false },
    { ahead: -4_999, isOff: false },
    { ahead: 5_001, isOff: true },
    { ahead: -5_001, isOff: true },
    { ahead: 600_000, isOff: true },
    { ahead: -600_000, isOff: true },
  ])('that is $ahead ms ahead is off: $isOff', async ({ ahead, isOff }) => {
    world.aheadMs = ahead;
    clock.add('database', world.reference());
    await clock.measure();
    expect(clock.believed()).toEqual({ against: 'database', differenceMs: ahead, isTooMuch: isOff });
    expect(clock.isOff).toBe(isOff);
    expect(refusal()).toEqual(isOff ? expect.objectContaining({ code: 'SERVICE_CLOCK_WRONG' }) : undefined);
    expect(clock.now()).toBe(isOff ? world.realMs : world.realMs + ahead);
    expect(clock.latest()).toBe(Math.max(clock.now(), world.own.wall()));
    expect(clock.earliest()).toBe(Math.min(clock.now(), world.own.wall()));
  });

  it('takes half of the shortest round trip off', async () => {
    clock.add('database', world.reference(0, [900, 40, 700]));
    await clock.measure();
    expect(clock.believed()?.differenceMs).toBe(0);
  });

  it('is not called off for what may be the way there and back', async () => {
    world.aheadMs = leewayMs + 400;
    clock.add('database', world.reference(0, [900]));
    await clock.measure();
    expect(clock.isOff).toBe(false);
  });

  it('that jumps is off at once, and right again at once, without asking anybody', async () => {
    let asked = 0;
    const reference = world.reference();
    clock.add('database', () => (asked++, reference()));
    await clock.measure();
    const before = asked;
    world.aheadMs = -600_000;
    expect(clock.believed()).toMatchObject({ differenceMs: -600_000, isTooMuch: true });
    world.aheadMs = 0;
    world.realMs += 10_000;
    expect(clock.isOff).toBe(false);
    expect(asked).toBe(before);
  });

  it('believes the one that decides, whoever else agrees with it', async () => {
    clock.add('redis', world.reference());
    clock.add('auth-service', world.reference(600_000), { decides: true });
    await clock.measure();
    expect(clock.believed()).toEqual({ against: 'auth-service', differenceMs: -600_000, isTooMuch: true });
    expect(clock.comparisons()).toHaveLength(2);
  });

  it('believes two clocks that agree, and itself with one of them, rather than a third', async () => {
    clock.add('database', world.reference(600_000));
    clock.add('redis', world.reference());
    await clock.measure();
    expect(clock.believed()).toEqual({ against: 'redis', differenceMs: 0, isTooMuch: false });
    world.aheadMs = 600_000;
    expect(clock.believed()).toEqual({ against: 'database', differenceMs: 0, isTooMuch: false });
    world.aheadMs = -600_000;
    expect(clock.isOff).toBe(true);
  });

  it('keeps what it knows while a reference is silent, for five minutes', async () => {
    let isUp = true;
    const reference = world.reference();
    clock.add('database', () => (isUp ? reference() : Promise.reject(new Error('away'))));
    await clock.measure();
    isUp = false;
    world.aheadMs = 600_000;
    world.realMs += 290_000;
    expect(await clock.measure()).toBe(false);
    expect(clock.isOff).toBe(true);
    world.realMs += 20_000;
    expect(clock.believed()).toBeUndefined();
  });

  it('forgets a reference that does not trust its own clock any more', async () => {
    let told: number | undefined = world.realMs + 600_000;
    clock.add('auth-service', async () => told, { decides: true });
    await clock.measure();
    expect(clock.isOff).toBe(true);
    told = undefined;
    expect(await clock.measure()).toBe(true);
    expect(clock.believed()).toBeUndefined();
  });
});
