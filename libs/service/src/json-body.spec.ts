import { assert, jsonValue, nat, property } from 'fast-check';

import { isDeeperThan } from './json-body.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('isDeeperThan', () => {
  it.each([
    { json: '[[]]', limit: 2, expected: false },
    { json: '[[]]', limit: 1, expected: true },
    { json: '{"a":{"b":[]}}', limit: 2, expected: true },
    { json: '[[],[],[],[]]', limit: 2, expected: false },
    { json: '"[[[[["', limit: 0, expected: false },
    { json: '["\\"[[[["]', limit: 1, expected: false },
    { json: '["\\\\",[[]]]', limit: 2, expected: true },
  ])('is $expected for $json and $limit', ({ json, limit, expected }) => {
    expect(isDeeperThan(limit, bytes(json))).toBe(expected);
  });

  it('counts as a parser would', () => {
    assert(
      property(jsonValue({ maxDepth: 6 }), nat(8), (value, limit) => {
        expect(isDeeperThan(limit, bytes(JSON.stringify(value)))).toBe(depthOf(value) > limit);
      }),
    );
  });
});
