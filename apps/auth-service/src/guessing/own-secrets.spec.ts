import { randomBytes } from 'node:crypto';

import { OwnSecrets } from './own-secrets.js';

const encryptionKey = randomBytes(32);
const secrets = new OwnSecrets(encryptionKey, 'api-key');

describe('OwnSecrets', () => {
  it('know their own again, after a restart too', () => {
    const secret = secrets.make('key-1');
    expect(secret).toHaveLength(32);
    expect(new OwnSecrets(encryptionKey, 'api-key').has(secret, 'key-1')).toBe(true);
    expect(secrets.make('key-1')).not.toEqual(secret);
  });

  it('know what they have marked', () => {
    const bytes = randomBytes(32);
    expect(secrets.has(secrets.mark(bytes))).toBe(true);
    expect(secrets.mark(bytes)).toEqual(secrets.mark(bytes));
  });

  it.each([
    { what: 'made up', has: () => secrets.has(randomBytes(32)) },
    { what: 'that belong to another', has: () => secrets.has(secrets.make('key-1'), 'key-2') },
    { what: 'for another purpose', has: () => new OwnSecrets(encryptionKey, 'refresh-token').has(secrets.make()) },
    { what: 'under another key', has: () => new OwnSecrets(randomBytes(32), 'api-key').has(secrets.make()) },
    { what: 'cut short', has: () => secrets.has(secrets.make().subarray(1)) },
    { what: 'that are empty', has: () => secrets.has(Buffer.alloc(0)) },
  ])('do not know secrets $what', ({ has }) => {
    expect(has()).toBe(false);
  });

  it('do not know one of which any bit has changed', () => {
    const secret = secrets.make();
    for (let bit = 0; bit < 8 * secret.length; bit += 1) {
      const changed = Buffer.from(secret);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(secrets.has(changed)).toBe(false);
    }
  });
});
