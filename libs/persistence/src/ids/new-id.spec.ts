import { idSource, newId } from './new-id.js';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const sourceAt = (times: number[], random = 0xff): (() => string) =>
  idSource({ now: () => times.shift() ?? 0, fillRandom: (bytes) => bytes.fill(random) });

describe('newId', () => {
  it('is a UUID of version 7 that begins with the time', () => {
    const id = sourceAt([0x0123_4567_89ab])();
    expect(id).toMatch(uuidV7);
    expect(id.slice(0, 13)).toBe('01234567-89ab');
  });

  it('matches the form of version 7 for any random bits', () => {
    expect(sourceAt([1], 0x00)()).toBe('00000000-0001-7000-8000-000000000000');
    expect(sourceAt([1], 0xff)()).toBe('00000000-0001-77ff-bfff-ffffffffffff');
  });

  it('sorts by time of making within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it('never runs backwards when the clock does', () => {
    const next = sourceAt([2000, 1000, 1500, 2001]);
    const ids = [next(), next(), next(), next()];
    expect([...ids].sort()).toEqual(ids);
  });

  it('borrows from the next millisecond when the counter of one is used up', () => {
    const next = sourceAt(Array.from({ length: 5000 }, () => 1000));
    const ids = Array.from({ length: 5000 }, next);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.at(-1)?.slice(0, 13)).toBe('00000000-03e9');
  });
});
