import { newContext, runInContext } from '@libs/trusted-headers';

import { Database } from './database.js';
import type { DatabaseEngine } from './database-engine.js';
import { DatabaseUnavailable } from './database-unavailable.js';

/** A database that nobody reaches, and how long it was waited for by a clock of its own. */
async function waitedFor(deadlineInMs?: number): Promise<number> {
  let waited = 0;
  const source = { subscribers: [], entityMetadatas: [] };
  const engine = {
    kind: 'mysql',
    reading: source,
    writing: source,
    begun: new WeakSet(),
    begin: () => Promise.reject(new DatabaseUnavailable(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))),
    close: () => Promise.resolve(),
  } as unknown as DatabaseEngine;
  const timing = {
    now: () => waited,
    wait: async (ms: number) => void (waited += ms),
    random: () => 1,
  };
  const database = new Database(engine, timing);
  const deadline = deadlineInMs === undefined ? {} : { deadline: Date.now() + deadlineInMs };
  await expect(
    runInContext({ ...newContext(), ...deadline }, () => database.transaction(async () => undefined)),
  ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  return waited;
}

describe('a database that is away', () => {
  it('is waited for where nobody is in a hurry', async () => {
    expect(await waitedFor()).toBeGreaterThan(2_500);
  });

  it('is not waited for until its caller has given up: that is told in time', async () => {
    const waited = await waitedFor(2_000);
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThanOrEqual(1_750);
  });

  it('is not waited for at all when there is no time left', async () => {
    expect(await waitedFor(100)).toBe(0);
  });
});
