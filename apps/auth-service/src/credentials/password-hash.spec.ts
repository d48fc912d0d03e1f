import { ImportedPasswordHash } from './password-hash.js';

const salt = 'c2FsdHNhbHQ';
const tag = 'dGFndGFndGFndGFndGFndA';
const isTaken = (hash: string): boolean => ImportedPasswordHash.safeParse(hash).success;

describe('a hash that is imported', () => {
  it.each([
    '$2b$10$'.padEnd(60, 'a'),
    '$2a$08$'.padEnd(60, '.'),
    '$2y$14$'.padEnd(60, '9'),
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=65536,t=9,p=4$${salt}$${tag}`,
  ])('may be %s', (hash) => {
    expect(isTaken(hash)).toBe(true);
  });

  it.each([
    { what: 'nothing', hash: '' },
    { what: 'a password', hash: 'correct horse' },
    { what: 'bcrypt of too few rounds', hash: '$2b$07$'.padEnd(60, 'a') },
    { what: 'bcrypt of too many rounds', hash: '$2b$15$'.padEnd(60, 'a') },
    { what: 'bcrypt with more behind it', hash: '$2b$10$'.padEnd(61, 'a') },
    { what: 'argon2id of too much memory', hash: `$argon2id$v=19$m=65537,t=2,p=1$${salt}$${tag}` },
    { what: 'argon2id of too many passes', hash: `$argon2id$v=19$m=4096,t=10,p=1$${salt}$${tag}` },
    { what: 'argon2i', hash: `$argon2i$v=19$m=4096,t=3,p=1$${salt}$${tag}` },
    { what: 'argon2id that cannot be decoded', hash: `$argon2id$v=19$m=4096,t=3,p=1$${salt}$${tag.slice(0, -1)}B` },
  ])('may not be $what', ({ hash }) => {
    expect(isTaken(hash)).toBe(false);
  });
});
