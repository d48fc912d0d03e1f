import { jest } from '@jest/globals';

import { HashingThreads } from '../src/credentials/hashing-threads.js';
import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, newNames } from './person.fixture.js';

/** Everything of an argon2 hash that decides how long it takes: all but the salt and the tag. */
const costOf = (hash: string): string => hash.split('$').slice(0, 4).join('$');

/** Hashing is what takes time. Seconds would tell of the machine as well, and of what else it does. */
describe('the work that a wrong login takes', () => {
  let stack: AuthStack;
  let run: jest.SpiedFunction<HashingThreads['run']>;
  beforeAll(async () => {
    stack = await AuthStack.start();
    run = jest.spyOn(HashingThreads.prototype, 'run');
  });
  afterAll(async () => {
    run.mockRestore();
    await stack.stop();
  });

  async function workOf(login: string): Promise<string[]> {
    run.mockClear();
    const { status } = await stack.post('/auth/login', { login, password: 'wrong password' });
    expect(status).toBe(401);
    return run.mock.calls.map(([name, task]) => `${name} ${'storedHash' in task ? costOf(task.storedHash) : ''}`);
  }

  it('does not tell whether there is such an account', async () => {
    const [known, confirmed, unknown] = [await aPerson(stack), await aConfirmedPerson(stack), newNames()];
    const byName = await workOf(unknown.username);
    expect(byName).toEqual([expect.stringMatching(/^verify \$argon2id\$v=19\$m=\d+,t=\d+,p=1$/)]);
    for (const { username } of [known, confirmed]) expect(await workOf(username)).toEqual(byName);

    const byAddress = await workOf(unknown.email);
    expect(byAddress).toEqual([...byName, ...byName]);
    for (const { email } of [known, confirmed]) expect(await workOf(email)).toEqual(byAddress);
  });
});
