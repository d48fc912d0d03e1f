import { assert, jsonValue, nat, property } from 'fast-check';

import { excessOf } from './json-body.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const membersOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce(
        (sum: number, one) => sum + membersOf(one),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      )
    : 0;
const anyNumber = Number.POSITIVE_INFINITY;
const isDeeperThan = (depth: number, json: Uint8Array): boolean =>
  excessOf(json, { depth, members: anyNumber }) === 'depth';

describe('excessOf', () => {
  it.each([
    { json: '[[]]', limit: 2, expected: false },
    { json: '[[]]', limit: 1, expected: true },
    { json: '{"a":{"b":[]}}', limit: 2, expected: true },
    { json: '[[],[],[],[]]', limit: 2, expected: false },
    { json: '"[[[[["', limit: 0, expected: false },
    { json: '["\\"[[[["]', limit: 1, expected: false },
    { json: '["\\\\",[[]]]', limit: 2, expected: true },
  ])('finds it too deep ($expected): $json and $limit', ({ json, limit, expected }) => {
    expect(isDeeperThan(limit, bytes(json))).toBe(expected);
  });

  it('counts as a parser would', () => {
    assert(
      property(jsonValue({ maxDepth: 6 }), nat(8), (value, limit) => {
        expect(isDeeperThan(limit, bytes(JSON.stringify(value)))).toBe(depthOf(value) > limit);
      }),
    );
  });

  it('counts the members of all objects together', () => {
    assert(
      property(jsonValue({ maxDepth: 6 }), nat(12), (value, members) => {
        const excess = excessOf(bytes(JSON.stringify(value)), { depth: anyNumber, members });
        expect(excess).toBe(membersOf(value) > members ? 'members' : undefined);
      }),
    );
  });
});
