import { Attention } from './attention.js';

describe('Attention', () => {
  let now: number;
  let attention: Attention;
  beforeEach(() => {
    now = 1_000;
    attention = new Attention(() => now);
    attention.begin();
  });
  afterEach(() => attention.end());

  const tickAfter = (ms: number): void => {
    now += ms;
    attention.tick();
  };

  it('misses nothing while turns are short', () => {
    for (let turn = 0; turn < 10; turn++) tickAfter(90);
    expect(attention.lostBy(now)).toBe(0);
    expect(attention.missedBy(now)).toBe(-Infinity);
  });

  it('knows in the middle of a long turn that it has not listened, before any timer has fired', () => {
    now += 3_050;
    expect(attention.lostBy(now)).toBe(3_000);
    expect(attention.missedBy(now)).toBe(now);
  });

  it('remembers how long it has not listened, and until when', () => {
    tickAfter(3_050);
    const until = now;
    tickAfter(60);
    tickAfter(550);
    tickAfter(60);
    expect(attention.lostBy(now)).toBe(3_500);
    expect(attention.missedBy(now)).toBe(until + 610);
  });
});
