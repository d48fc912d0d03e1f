import { randomBytes } from 'node:crypto';

import { readRefreshToken, writeRefreshToken } from './refresh-token.js';
import { RefreshTokenMaker } from './refresh-token-maker.js';

const encryptionKey = randomBytes(32);
const maker = new RefreshTokenMaker(encryptionKey);
const token = maker.first();
const seed = maker.newSeed();

describe('RefreshTokenMaker', () => {
  it('gives the same successor again, in the form of every refresh token', () => {
    const successor = maker.successorOf(token, seed);
    expect(readRefreshToken(successor)).toHaveLength(32);
    expect(new RefreshTokenMaker(encryptionKey).successorOf(token, seed)).toBe(successor);
  });

  it.each([
    { what: 'another token', derive: () => maker.successorOf(maker.first(), seed) },
    { what: 'another seed', derive: () => maker.successorOf(token, maker.newSeed()) },
    { what: 'another key', derive: () => new RefreshTokenMaker(randomBytes(32)).successorOf(token, seed) },
  ])('gives another one for $what', ({ derive }) => {
    expect(derive()).not.toBe(maker.successorOf(token, seed));
  });

  it('knows the first one and its successors for its own', () => {
    expect(maker.hasMade(token)).toBe(true);
    expect(maker.hasMade(maker.successorOf(token, seed))).toBe(true);
  });

  it.each([
    { what: 'one that was made up', made: writeRefreshToken(randomBytes(32)) },
    { what: 'the successor of one under another key', made: new RefreshTokenMaker(randomBytes(32)).first() },
    { what: 'one in another spelling', made: `${token}=` },
    { what: 'nothing', made: '' },
  ])('does not know $what', ({ made }) => {
    expect(maker.hasMade(made)).toBe(false);
  });
});
