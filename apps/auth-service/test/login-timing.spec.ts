import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, newNames } from './person.fixture.js';

const people = 8;
const attemptsEach = 15;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Each pair is measured within moments, and its ratio taken: a machine that is busy otherwise is so for both of them. */
describe('the time that a wrong login takes', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start({ GUESSES_PER_ADDRESS: '100000' });
  });
  afterAll(() => stack.stop());

  let places = 0;
  const timeOf = async (login: string): Promise<number> => {
    places += 1;
    const headers = { 'x-forwarded-for': `198.18.${places >> 8}.${places & 255}` };
    const before = performance.now();
    const { status } = await stack.call('POST', '/auth/login', {
      body: { login, password: 'wrong password' },
      headers,
    });
    expect(status).toBe(401);
    return performance.now() - before;
  };

  it('does not tell whether there is such an account', async () => {
    const ratios: number[] = [];
    for (let n = 0; n < people; n += 1) {
      const { username } = await aPerson(stack);
      for (let attempt = 0; attempt < attemptsEach; attempt += 1) {
        const unknown = newNames().username;
        const knownFirst = attempt % 2 === 0;
        const first = await timeOf(knownFirst ? username : unknown);
        const second = await timeOf(knownFirst ? unknown : username);
        ratios.push(knownFirst ? first / second : second / first);
      }
    }
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.1);
  }, 60_000);
});
