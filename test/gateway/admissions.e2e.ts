import { type Admission, Admissions } from '../support/admissions.js';

const admitted = (...all: Admission[]): Admissions => {
  const admissions = new Admissions();
  for (const admission of all) admissions.add(admission);
  return admissions;
};

const window = (count: number, sentAt: number): Admission[] =>
  Array.from({ length: count }, () => ({ sentAt, answeredAt: sentAt + 10 }));

describe('what judges a limit', () => {
  it('tells one too many and one too few', () => {
    expect(admitted(...window(5, 0), ...window(6, 100), ...window(4, 200)).together(50)).toEqual([5, 6, 4]);
  });

  it('does not take a time in which it did not run itself for the end of a window', () => {
    const slow = { sentAt: 5, answeredAt: 75 };
    expect(admitted(...window(4, 0), slow, ...window(5, 120)).together(50)).toEqual([10]);
    expect(admitted(...window(4, 0), slow, ...window(5, 126)).together(50)).toEqual([5, 5]);
  });

  it('counts only what was certainly within one window', () => {
    const admissions = admitted(...window(5, 0), ...window(5, 100));
    expect(admissions.mostWithin(110)).toBe(5);
    expect(admissions.mostWithin(111)).toBe(10);
  });
});
