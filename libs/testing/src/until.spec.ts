import { until } from './until.js';

describe('until', () => {
  it('asks until the answer will do', async () => {
    let asked = 0;
    expect(
      await until(
        async () => ++asked,
        (answer) => answer === 3,
      ),
    ).toBe(3);
    expect(asked).toBe(3);
  });

  it('says what the last answer was when it took too long', async () => {
    await expect(
      until(
        () => 'pending',
        (answer) => answer !== 'pending',
        0,
      ),
    ).rejects.toThrow('still "pending"');
  });
});
