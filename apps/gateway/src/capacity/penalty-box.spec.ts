import { PenaltyBox } from './penalty-box.js';

class Connection {
  isRead = true;
  pause = (): this => this.become(false);
  resume = (): this => this.become(true);
  private become(isRead: boolean): this {
    this.isRead = isRead;
    return this;
  }
}

const many = (count: number): Connection[] => Array.from({ length: count }, () => new Connection());
const readOf = (connections: readonly Connection[]): number => connections.filter(({ isRead }) => isRead).length;

describe('connections that were refused for overload', () => {
  let now: number;
  let box: PenaltyBox;
  beforeEach(() => {
    now = 0;
    box = new PenaltyBox(() => now);
  });
  afterEach(() => box.onApplicationShutdown());

  const tickAfter = (ms: number): void => {
    now += ms;
    box.tick();
  };

  it('are not read at once, and read again after a moment when they are few', () => {
    const few = many(10);
    for (const each of few) box.hold(each);
    expect(readOf(few)).toBe(0);
    tickAfter(5);
    expect(readOf(few)).toBe(10);
    expect(box.size).toBe(0);
  });

  it('are read again one after the other when they are many, those first that came first', () => {
    const thousands = many(4_000);
    for (const each of thousands) box.hold(each);
    tickAfter(5);
    tickAfter(5);
    expect(readOf(thousands)).toBe(25);
    expect(readOf(thousands.slice(0, 25))).toBe(25);
  });

  it('are not read all together after a turn of the event loop that took seconds', () => {
    const thousands = many(4_000);
    for (const each of thousands) box.hold(each);
    tickAfter(3_000);
    expect(readOf(thousands)).toBe(25);
  });

  it('are told to wait for as long as it will take', () => {
    const told = () => box.refusal('SERVICE_OVERLOADED', 'too much').headers;
    expect(told()).toEqual({ 'retry-after': '1' });
    for (const each of many(6_000)) box.hold(each);
    expect(told()).toEqual({ 'retry-after': '3' });
  });

  it('count once, however often they are refused', () => {
    const one = new Connection();
    box.hold(one);
    box.hold(one);
    expect(box.size).toBe(1);
  });

  it('are all read again when the gateway stops', () => {
    const thousands = many(4_000);
    for (const each of thousands) box.hold(each);
    box.onApplicationShutdown();
    expect(readOf(thousands)).toBe(4_000);
  });
});
