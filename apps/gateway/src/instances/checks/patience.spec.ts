import { Patience } from './patience.js';

describe('Patience', () => {
  let lostMs: number;
  let patience: Patience;
  beforeEach(() => {
    lostMs = 500;
    patience = new Patience(60_000, { lostBy: () => lostMs });
  });
  afterEach(() => patience.end());

  it('is over when the time is', () => {
    patience.onTimer();
    expect(patience.signal.aborted).toBe(true);
  });

  it('is not over when nobody listened meanwhile, and is once somebody has', () => {
    lostMs += 60_000;
    patience.onTimer();
    expect(patience.signal.aborted).toBe(false);
    patience.end();
    patience.onTimer();
    expect(patience.signal.aborted).toBe(true);
  });
});
