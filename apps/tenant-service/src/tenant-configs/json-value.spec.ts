import { whyNotJson } from './json-value.js';

const nested = (levels: number): unknown => {
  let value: unknown = 0;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

describe('whyNotJson', () => {
  it.each([null, 0, '', false, [], {}, { a: [1, { b: null }] }, nested(32)])('accepts %j', (value) => {
    expect(whyNotJson(value)).toBeUndefined();
  });

  it.each([
    { what: 'nothing', value: undefined },
    { what: 'what is nested too deeply', value: nested(33) },
    { what: 'what would overflow a stack', value: nested(200_000) },
    { what: 'what is too large', value: 'x'.repeat(65_536) },
  ])('refuses $what', ({ value }) => {
    expect(whyNotJson(value)).toEqual(expect.any(String));
  });
});
