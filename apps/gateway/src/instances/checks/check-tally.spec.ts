import { nextCheckInMs } from './check-schedule.js';
import { CheckTally } from './check-tally.js';

const verdicts = (results: string, settings = { healthyAfter: 2, unhealthyAfter: 3 }): string => {
  const tally = new CheckTally(settings);
  return [...results].map((result) => tally.note(result === '+')?.at(0) ?? '.').join('');
};

describe('CheckTally', () => {
  it.each([
    { when: 'the first result decides', results: '+', says: 'h' },
    { when: 'the first result decides, bad ones too', results: '-', says: 'u' },
    { when: 'some failures are not enough', results: '+--+--+', says: 'h......' },
    { when: 'enough in a row are', results: '+---', says: 'h..u' },
    { when: 'it takes several to come back', results: '-+-++', says: 'u...h' },
    { when: 'a verdict is given once', results: '---+++', says: 'u...h.' },
  ])('$when', ({ results, says }) => {
    expect(verdicts(results)).toBe(says);
  });

  it('is in doubt while results speak against the verdict', () => {
    const tally = new CheckTally({ healthyAfter: 2, unhealthyAfter: 2 });
    const doubts = [true, false, false, true, true].map((hasPassed) => {
      tally.note(hasPassed);
      return tally.isInDoubt;
    });
    expect(doubts).toEqual([false, true, false, true, false]);
  });
});

describe('nextCheckInMs', () => {
  const config = { interval: 1_000, jitter: 10 };

  it('varies by the jitter, both ways', () => {
    expect([0, 0.5, 1].map((random) => nextCheckInMs(config, false, () => random))).toEqual([900, 1_000, 1_100]);
  });

  it('is a quarter while the result is in doubt', () => {
    expect(nextCheckInMs(config, true, () => 0.5)).toBe(250);
  });
});
