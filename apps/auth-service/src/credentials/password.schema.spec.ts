import { Password } from './password.schema.js';

describe('Password', () => {
  it.each([
    { what: '8 characters', password: 'hay-wire' },
    { what: '128 characters', password: 'any five words do '.repeat(8).slice(0, 128) },
    { what: 'spaces', password: ' a  b   c ' },
    { what: '128 characters of two code units each', password: '🔑🚪🏠🧱🪟'.repeat(26).slice(0, 256) },
  ])('takes $what', ({ password }) => {
    expect(Password.safeParse(password).data).toBe(password);
  });

  it.each([
    { what: '7 characters', password: 'a'.repeat(7), code: 'too_small' },
    { what: '7 characters of two code units each', password: '🔑'.repeat(7), code: 'too_small' },
    { what: '129 characters', password: 'a'.repeat(129), code: 'too_big' },
    { what: 'a million characters', password: 'a'.repeat(1_000_000), code: 'too_big' },
    { what: 'a number', password: 12_345_678, code: 'invalid_type' },
  ])('refuses $what', ({ password, code }) => {
    expect(Password.safeParse(password).error?.issues).toMatchObject([{ code, path: [] }]);
  });
});
