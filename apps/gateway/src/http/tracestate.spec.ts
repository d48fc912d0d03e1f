import { checkedTracestate } from './tracestate.js';

const members = (count: number, length = 5): string[] =>
  Array.from({ length: count }, (_, n) => `k${String(n).padStart(2, '0')}=`.padEnd(length, 'v'));

describe('a tracestate', () => {
  it.each([
    ['a=1', 'a=1'],
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['a=1 , b=2\t,\tc=3', 'a=1,b=2,c=3'],
    ['a=1,,b=2,', 'a=1,b=2'],
    ['0tenant@vendor=1', '0tenant@vendor=1'],
    ['a_b-c*d/e=!"#$%&\'()*+-./:;<>?@[]^_`{|}~', 'a_b-c*d/e=!"#$%&\'()*+-./:;<>?@[]^_`{|}~'],
    ['a=b c', 'a=b c'],
    [`a=${'v'.repeat(256)}`, `a=${'v'.repeat(256)}`],
    [`${'k'.repeat(255)}=${'v'.repeat(256)}`, `${'k'.repeat(255)}=${'v'.repeat(256)}`],
    [members(32).join(','), members(32).join(',')],
  ])('goes on: %s', (came, goes) => {
    expect(checkedTracestate(came)).toBe(goes);
  });

  it.each([
    ['nothing', ''],
    ['no member', ' , '],
    ['a key without a value', 'a'],
    ['an empty value', 'a='],
    ['an empty key', '=1'],
    ['a key in capitals', 'A=1'],
    ['a key that begins with a digit', '1a=1'],
    ['a key with a space', 'a b=1'],
    ['a key that is too long', `${'k'.repeat(257)}=1`],
    ['a tenant that is too long', `${'k'.repeat(242)}@v=1`],
    ['a vendor that is too long', `t@${'v'.repeat(15)}=1`],
    ['a vendor that begins with a digit', 't@1=1'],
    ['two vendors', 'a@b@c=1'],
    ['a value that is too long', `a=${'v'.repeat(257)}`],
    ['a value with an equals sign', 'a=b=c'],
    ['a value with other letters', 'a=\u00e4'],
    ['a tab within a value', 'a=b\tc'],
    ['a key twice', 'a=1,b=2,a=3'],
    ['one member that is none', 'a=1,nonsense,b=2'],
    ['33 members', members(33).join(',')],
  ])('does not go on with %s', (_, came) => {
    expect(checkedTracestate(came)).toBe('');
  });

  it('is shortened to 512 characters by whole members, the long ones first, and then from its end', () => {
    const long = `long=${'v'.repeat(130)}`;
    expect(checkedTracestate(['a=1', long, ...members(20, 20)].join(','))).toBe(['a=1', ...members(20, 20)].join(','));
    const many = members(32, 30);
    expect(checkedTracestate(many.join(','))).toBe(many.slice(0, 16).join(','));
    expect(checkedTracestate([long, ...members(5, 40)].join(','))).toBe([long, ...members(5, 40)].join(','));
  });
});
