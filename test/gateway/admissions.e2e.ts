import { type Admission, Admissions, type Burst, isExact } from '../support/admissions.js';

const admitted = (...all: Admission[]): Admissions => {
  const admissions = new Admissions();
  for (const admission of all) admissions.add(admission);
  return admissions;
};

const window = (count: number, sentAt: number): Admission[] =>
  Array.from({ length: count }, () => ({ sentAt, answeredAt: sentAt + 10 }));

describe('what judges a limit', () => {
  it('finds one too many and one too few', () => {
    const bursts = admitted(...window(5, 0), ...window(6, 100), ...window(4, 200)).bursts(100);
    expect(bursts.map((burst) => isExact(burst, 5))).toEqual([true, false, false]);
  });

  it('finds two quotas in one window', () => {
    expect(
      admitted(...window(10, 0))
        .bursts(100)
        .map((burst) => isExact(burst, 5)),
    ).toEqual([false]);
  });

  it('knows that a slow burst is two windows', () => {
    const [burst, ...others] = admitted(...window(2, 0), ...window(2, 40), ...window(1, 80), ...window(5, 115)).bursts(
      100,
    );
    expect(others).toEqual([]);
    expect(burst).toEqual({ admitted: 10, fewestWindows: 2, mostWindows: 2 });
    expect(isExact(burst as Burst, 5)).toBe(true);
  });

  it('counts only what was certainly within one window', () => {
    const admissions = admitted(...window(5, 0), ...window(5, 100));
    expect(admissions.mostWithin(110)).toBe(5);
    expect(admissions.mostWithin(111)).toBe(10);
  });
});
