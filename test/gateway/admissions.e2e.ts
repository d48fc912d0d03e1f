import { Admissions } from '../support/admissions.js';

const quota = 5;

/** Windows of 100 ms, each request answered 10 ms after it was sent. */
const admitted = (...windows: number[][]): Admissions => {
  const admissions = new Admissions();
  windows.forEach((window, index) => {
    for (const remaining of window) {
      admissions.add({ sentAt: index * 100, answeredAt: index * 100 + 10, remaining });
    }
  });
  return admissions;
};

describe('what judges a limit', () => {
  it('counts full windows, whatever the order of answers, and one that is not full yet', () => {
    expect(admitted([4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [4, 3]).windows(quota)).toEqual({ filled: 2, begun: 3, odd: [] });
  });

  it.each([
    { what: 'one too many', windows: [[4, 3, 2, 2, 1, 0]] },
    { what: 'one too few', windows: [[4, 3, 1, 0]] },
    { what: 'a share beside the full quota', windows: [[4, 3, 2, 1, 0, 1, 0]] },
    {
      what: 'a window that did not begin with the quota',
      windows: [
        [4, 3, 2, 1, 0],
        [3, 2, 1, 0],
      ],
    },
  ])('finds $what', ({ windows }) => {
    expect(admitted(...windows).windows(quota).odd).not.toEqual([]);
  });

  it('counts only what was certainly within one window', () => {
    const admissions = admitted([4, 3, 2, 1, 0], [4, 3, 2, 1, 0]);
    expect(admissions.mostWithin(100)).toBe(5);
    expect(admissions.mostWithin(110)).toBe(5);
    expect(admissions.mostWithin(111)).toBe(10);
  });

  it('does not take silence for an answer', () => {
    expect(() => admitted([NaN])).toThrow('what remains');
  });
});
