import { nameKey } from './name-key.js';

describe('nameKey', () => {
  it.each([
    ['Apollo', 'apollo'],
    ['Caf\u00e9', 'Cafe\u0301'],
  ])('holds %p and %p for the same name', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  it.each([
    ['resume', 'résumé'],
    ['Apollo 1', 'Apollo  1'],
  ])('tells %p from %p', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other));
  });
});
