import { randomBytes } from 'node:crypto';

import { SealAtRest } from './seal-at-rest.js';

const encryptionKey = randomBytes(32);
const seal = new SealAtRest(encryptionKey, 'test');

describe('SealAtRest', () => {
  it('opens what it sealed, and shows nothing of it meanwhile', () => {
    const sealed = seal.seal('row-1', 'a secret');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret');
    expect(new SealAtRest(encryptionKey, 'test').open('row-1', sealed)).toBe('a secret');
    expect(seal.seal('row-1', 'a secret')).not.toBe(sealed);
  });

  it.each([
    {
      when: 'another key is given',
      open: (text: string) => new SealAtRest(randomBytes(32), 'test').open('row-1', text),
    },
    {
      when: 'it was sealed for another purpose',
      open: (text: string) => new SealAtRest(encryptionKey, 'b').open('row-1', text),
    },
    { when: 'it belongs to another row', open: (text: string) => seal.open('row-2', text) },
    { when: 'it was changed', open: (text: string) => seal.open('row-1', `${text.slice(0, -8)}AAAAAAA=`) },
    { when: 'it was cut', open: (text: string) => seal.open('row-1', text.slice(0, 20)) },
  ])('refuses when $when', ({ open }) => {
    const sealed = seal.seal('row-1', 'a secret that is long enough to be cut');
    expect(() => open(sealed)).toThrow(/authenticat/);
  });
});
