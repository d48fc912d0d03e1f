import { isCommonPassword, namesOwner } from './common-passwords.js';

describe('isCommonPassword', () => {
  it.each(['password', '12345678', 'iloveyou', 'TrustNo1', 'ｐａｓｓｗｏｒｄ'])('knows %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each(['correct horse battery', 'password of nobody else', ''])('does not know %j', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe('namesOwner', () => {
  const alice = { username: 'alice-in-chains', email: 'alice.liddell@example.com' };

  it.each(['alice-in-chains', 'ALICE-IN-CHAINS', 'alice.liddell', 'alice.liddell@example.com'])('tells %s', (name) => {
    expect(namesOwner(name, alice)).toBe(true);
  });

  it('lets a password be that only has a name in it', () => {
    expect(namesOwner('alice-in-chains and more', alice)).toBe(false);
  });
});
