import { randomBytes } from 'node:crypto';

import { isRefreshToken, newRefreshToken } from './refresh-token.js';
import { SuccessorTokens } from './successor-tokens.js';

const encryptionKey = randomBytes(32);
const successors = new SuccessorTokens(encryptionKey);
const token = newRefreshToken();
const seed = successors.newSeed();

describe('SuccessorTokens', () => {
  it('gives the same successor again, in the form of every refresh token', () => {
    const successor = successors.derive(token, seed);
    expect(isRefreshToken(successor)).toBe(true);
    expect(new SuccessorTokens(encryptionKey).derive(token, seed)).toBe(successor);
  });

  it.each([
    { what: 'another token', derive: () => successors.derive(newRefreshToken(), seed) },
    { what: 'another seed', derive: () => successors.derive(token, successors.newSeed()) },
    { what: 'another key', derive: () => new SuccessorTokens(randomBytes(32)).derive(token, seed) },
  ])('gives another one for $what', ({ derive }) => {
    expect(derive()).not.toBe(successors.derive(token, seed));
  });
});
