import { GroupCommit } from './group-commit.js';

/** A write that ends when the test says so. */
class HeldWrites {
  readonly writes: { things: readonly string[]; dropped: number; end: () => void }[] = [];
  readonly write = (things: readonly string[], dropped: number): Promise<void> =>
    new Promise((resolve) => this.writes.push({ things, dropped, end: resolve }));
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('writes together what came while a write was running', async () => {
    const held = new HeldWrites();
    const group = new GroupCommit(held.write, 10);
    const first = group.add('a');
    await settle();
    const others = [group.add('b'), group.add('c')];
    await settle();
    expect(held.writes.map(({ things }) => things)).toEqual([['a']]);
    held.writes[0]?.end();
    await first;
    await settle();
    expect(held.writes.map(({ things }) => things)).toEqual([['a'], ['b', 'c']]);
    held.writes[1]?.end();
    await Promise.all(others);
  });

  it('drops what is too much, and tells the next write how much it was', async () => {
    const held = new HeldWrites();
    const group = new GroupCommit(held.write, 2);
    void group.add('a');
    await settle();
    void group.add('b');
    void group.add('c');
    await group.add('d');
    held.writes[0]?.end();
    await settle();
    expect(held.writes).toMatchObject([
      { things: ['a'], dropped: 0 },
      { things: ['b', 'c'], dropped: 1 },
    ]);
  });
});
