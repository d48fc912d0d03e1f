import { Turns } from './turns.js';

describe('Turns', () => {
  it('lets one at a time: those of one kind in the order of asking, and the kinds by turns', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let inside = 0;
    const once = async (kind: string, name: string): Promise<void> => {
      const pass = await turns.take(kind);
      inside += 1;
      expect(inside).toBe(1);
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      pass();
    };
    const many = ['a1', 'a2', 'a3', 'a4'].map((name) => once('a', name));
    await Promise.all([...many, once('b', 'b1'), once('c', 'c1'), once('b', 'b2')]);
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
    await once('a', 'a5');
    expect(order).toHaveLength(8);
  });
});
