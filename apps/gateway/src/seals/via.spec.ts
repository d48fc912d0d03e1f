import { Via } from './via.js';

const via = new Via(Buffer.alloc(32, 7));
const own = via.after(undefined, '1.1').slice('1.1 '.length);

describe('Via', () => {
  it('has a name that all who have the key share, and no others', () => {
    expect(own).toMatch(/^gatehouse-[0-9a-f]{8}$/);
    expect(new Via(Buffer.alloc(32, 7)).after(undefined, '1.1')).toBe(`1.1 ${own}`);
    expect(new Via(Buffer.alloc(32, 8)).after(undefined, '1.1')).not.toBe(`1.1 ${own}`);
  });

  it.each([
    [undefined, '1.0', `1.0 ${own}`],
    [undefined, '2.0', `2 ${own}`],
    ['', '1.1', `1.1 ${own}`],
    ['1.1 nginx', '1.1', `1.1 nginx, 1.1 ${own}`],
    ['1.0 a, HTTP/2 b (c)', '2.0', `1.0 a, HTTP/2 b (c), 2 ${own}`],
  ])('is written behind %s in HTTP/%s', (before, version, whole) => {
    expect(via.after(before, version)).toBe(whole);
  });

  it.each([
    [`1.1 ${own}`, true],
    [`1.1 a, 2 ${own} , 1.1 b`, true],
    [`HTTP/1.1 ${own.toUpperCase()} (comment)`, true],
    [`,1.1\t${own}`, true],
    [own, false],
    [`1.1 ${own}x`, false],
    [`1.1 a (${own})`, false],
    ['1.1 gatehouse-00000000', false],
    ['', false],
  ])('names it in "%s": %s', (field, is) => {
    expect(via.names(field)).toBe(is);
  });
});
