import { assert, json, property } from 'fast-check';

import { hasUniqueNames } from './unique-names.js';

describe('hasUniqueNames', () => {
  it.each([
    '{}',
    '[]',
    '{"a":1,"b":1}',
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":1,{","b":2}',
    '["a","a"]',
    '{"a":"b","b":"a"}',
  ])('holds for %s', (text) => {
    expect(hasUniqueNames(text)).toBe(true);
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a" : 1,\n"a"\t:2}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"a":1,"b":[],"a":2}}',
    '[{"a":1},{"b":{},"b":{}}]',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
  ])('does not for %s', (text) => {
    expect(hasUniqueNames(text)).toBe(false);
  });

  it('holds for whatever is written by JSON.stringify', () => {
    assert(property(json(), (text) => hasUniqueNames(JSON.stringify(JSON.parse(text)))));
  });
});
