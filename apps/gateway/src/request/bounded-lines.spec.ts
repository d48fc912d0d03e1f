import { BoundedLines } from './bounded-lines.js';

describe('BoundedLines', () => {
  it('lets a few of a kind have lines of their own, and tells how many there were besides', () => {
    const told: [string, number][] = [];
    const lines = new BoundedLines<'a' | 'b'>(3, (kind, leftOut) => told.push([kind, leftOut]));
    const own = Array.from({ length: 50_000 }, () => lines.admits('a')).filter(Boolean).length;
    expect(own).toBe(3);
    expect(lines.admits('b')).toBe(true);

    lines.endWindow();
    expect(told).toEqual([['a', 49_997]]);
    expect(lines.admits('a')).toBe(true);
    lines.endWindow();
    lines.endWindow();
    expect(told).toHaveLength(1);
  });
});
