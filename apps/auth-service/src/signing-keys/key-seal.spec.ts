import { randomBytes } from 'node:crypto';

import { KeySeal } from './key-seal.js';

const encryptionKey = randomBytes(32);
const seal = new KeySeal(encryptionKey);

describe('KeySeal', () => {
  it('opens what it sealed, and shows nothing of it meanwhile', () => {
    const sealed = seal.seal('key-1', 'a private key');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('private');
    expect(new KeySeal(encryptionKey).open('key-1', sealed)).toBe('a private key');
  });

  it('never makes the same text twice', () => {
    expect(seal.seal('key-1', 'a private key')).not.toBe(seal.seal('key-1', 'a private key'));
  });

  it.each([
    {
      when: 'another encryption key is given',
      open: (text: string) => new KeySeal(randomBytes(32)).open('key-1', text),
    },
    { when: 'the text belongs to another key', open: (text: string) => seal.open('key-2', text) },
    { when: 'the text was changed', open: (text: string) => seal.open('key-1', `${text.slice(0, -8)}AAAAAAA=`) },
    { when: 'the text was cut', open: (text: string) => seal.open('key-1', text.slice(0, 20)) },
  ])('refuses when $when', ({ open }) => {
    const sealed = seal.seal('key-1', 'a private key, long enough to be cut');
    expect(() => open(sealed)).toThrow(/authenticat/);
  });
});
