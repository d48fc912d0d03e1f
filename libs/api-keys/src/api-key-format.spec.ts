import { randomBytes } from 'node:crypto';

import { assert, constantFrom, nat, pre, property, uint8Array, uuid } from 'fast-check';

import { apiKeyHint, readApiKey, secretBytes, writeApiKey } from './api-key-format.js';

const id = '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11';
const key = writeApiKey(id, randomBytes(secretBytes));

describe('the format of API keys', () => {
  it('carries any id and any secret', () => {
    assert(
      property(uuid(), uint8Array({ minLength: secretBytes, maxLength: secretBytes }), (anyId, secret) => {
        const written = writeApiKey(anyId, Buffer.from(secret));
        expect(written).toMatch(/^gth_live_[0-9A-Za-z]{71}$/);
        expect(readApiKey(written)).toEqual({ id: anyId, secret: Buffer.from(secret) });
      }),
    );
  });

  it('tells a key with any one character changed from a key', () => {
    assert(
      property(nat({ max: key.length - 1 }), constantFrom(...'09AZaz_-'), (at, character) => {
        pre(key.charAt(at) !== character);
        expect(readApiKey(key.slice(0, at) + character + key.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it.each([
    { what: 'nothing', text: '' },
    { what: 'the prefix alone', text: 'gth_live_' },
    { what: 'a key cut short', text: key.slice(0, -1) },
    { what: 'a key with something added', text: `${key}0` },
    { what: 'a key with a line end', text: `${key}\n` },
    { what: 'a key of the same length in other letters', text: `gth_live_${'ä'.repeat(71)}` },
  ])('does not read $what', ({ text }) => {
    expect(readApiKey(text)).toBeUndefined();
  });

  it('shows nothing of the secret in the hint', () => {
    const other = writeApiKey(id, randomBytes(secretBytes));
    expect(apiKeyHint(other)).toBe(apiKeyHint(key));
  });
});
