import { jest } from '@jest/globals';

import { setTimeout as wait } from 'node:timers/promises';

import type { Client } from '../support/client.js';
import { aClient, compose, services, untilHealthy } from './compose-stack.js';
import { promisedOutages } from './operations-table.js';
import { aCustomer, lostOf, outcomeOf } from './questions.js';

jest.setTimeout(300_000);

const outageMs = 20_000;
/** Until health checks and breakers have noticed, answers may come late, and are not judged. */
const noticeMs = 4_000;
/** Whoever waits longer than this has been left hanging. */
const patienceMs = 6_000;

describe.each(['mysql', 'redis', ...services])('%s is stopped for 20 s', (stopped) => {
  let client: Client;
  beforeAll(async () => {
    await untilHealthy();
    client = await aClient();
  });
  afterAll(async () => {
    await compose('start', stopped);
    await client?.close();
  });

  it('and what works meanwhile is what docs/operations.md says, and nothing acknowledged is lost', async () => {
    const customer = await aCustomer(client);
    const seen: Record<string, Set<string>> = {};
    let isOver = false;
    let isJudged = false;
    const asking = Object.entries(customer.questions).map(async ([title, ask]) => {
      seen[title] = new Set();
      while (!isOver) {
        const judged = isJudged;
        const late = wait(patienceMs, 'no answer', { ref: false });
        const outcome = await Promise.race([ask(client).then(outcomeOf, () => 'no connection'), late]);
        // Of a machine that is too busy to count in time, and of nothing else.
        if (judged && isJudged && outcome !== '429') seen[title].add(outcome);
        await wait(title === 'POST /auth/login' ? 2_000 : 250);
      }
    });

    await wait(1_000);
    await compose('stop', '--timeout', '10', stopped);
    await wait(noticeMs);
    isJudged = true;
    await wait(outageMs - noticeMs);
    isJudged = false;
    await compose('start', stopped);
    await untilHealthy();
    const recovery = await untilAllWork(customer.questions, client);
    isOver = true;
    await Promise.all(asking);

    const outcomes = Object.fromEntries(Object.entries(seen).map(([title, set]) => [title, [...set].toSorted()]));
    process.stdout.write(`${stopped}: ${JSON.stringify({ ...outcomes, recoveredAfterMs: Math.round(recovery) })}\n`);
    const promised = promisedOutages()[stopped] ?? {};
    expect(Object.keys(promised)).toEqual(Object.keys(outcomes));
    for (const [title, met] of Object.entries(outcomes)) {
      const allowed = (promised[title] ?? '').split(' or ');
      expect({ title, met, unexpected: met.filter((outcome) => !allowed.includes(outcome)) }).toEqual({
        title,
        met: expect.arrayContaining([expect.any(String)]),
        unexpected: [],
      });
    }
    expect(await lostOf(customer, client)).toEqual([]);
    // Everybody says that they are ready: then they are, give or take a busy machine.
    expect(recovery).toBeLessThan(5_000);
  });
});

async function untilAllWork(
  questions: Readonly<Record<string, (client: Client) => Promise<Parameters<typeof outcomeOf>[0]>>>,
  client: Client,
): Promise<number> {
  const begunAt = performance.now();
  for (;;) {
    const outcomes = await Promise.all(
      Object.entries(questions).map(
        async ([title, ask]) => [title, await ask(client).then(outcomeOf, String)] as const,
      ),
    );
    const failing = outcomes.filter(([, outcome]) => outcome !== 'works');
    if (failing.length === 0) return performance.now() - begunAt;
    if (performance.now() - begunAt > 30_000) throw new Error(`still not working: ${JSON.stringify(failing)}`);
    await wait(250);
  }
}
