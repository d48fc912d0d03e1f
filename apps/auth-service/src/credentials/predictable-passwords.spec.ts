import { isPredictablePassword } from './predictable-passwords.js';
import { Password } from './password.schema.js';

describe('isPredictablePassword', () => {
  it.each([
    'aaaaaaaaaaaa',
    'AAAAaaaa',
    'abababababab',
    '12341234123',
    'abcdefghijkl',
    'lkjihgfedcba',
    'ABCDEFGHIJKL',
    '123456789012',
    '098765432109',
    'qwertyuiop',
    'qwertyuiopasdfghjkl',
    'qwertzuiopyxcvbnm',
    '1qaz2wsx3edc',
    'abcd1234efgh',
    'aaaabbbbcccc',
    'abc123abc123',
    '１２３４５６７８９０１２',
  ])('knows %s, and nobody may choose it', (password) => {
    expect(isPredictablePassword(password)).toBe(true);
    expect(Password.safeParse(password).success).toBe(false);
  });

  it.each([
    'correct horse battery',
    'a battery of horses',
    'abcd and something else of mine',
    'tr0ub4dor&3',
    'xkcd-936-qwerty',
    'пароль из четырёх слов',
    'fJ7#mK2$pQ9!',
    'horsehorse battery',
  ])('leaves %s alone', (password) => {
    expect(isPredictablePassword(password)).toBe(false);
    expect(Password.safeParse(password).success).toBe(true);
  });
});
