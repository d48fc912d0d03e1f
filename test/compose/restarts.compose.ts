import { jest } from '@jest/globals';

import { setTimeout as wait } from 'node:timers/promises';

import type { Client } from '../support/client.js';
import { Load } from '../support/load.js';
import { aClient, compose, services, untilHealthy } from './compose-stack.js';
import { aCustomer, lostOf, outcomeOf } from './questions.js';

jest.setTimeout(180_000);

describe.each([
  { restarted: 'gateway-1', replicas: 2 },
  { restarted: 'gateway-2', replicas: 2 },
  ...services.map((restarted) => ({ restarted, replicas: 1 })),
])('$restarted is restarted under load', ({ restarted, replicas }) => {
  let client: Client;
  beforeAll(async () => {
    await untilHealthy();
    client = await aClient();
  });
  afterAll(() => client?.close());

  it(replicas > 1 ? 'and no request fails' : 'and nothing is worse than 503 with Retry-After', async () => {
    const customer = await aCustomer(client);
    const questions = Object.entries(customer.questions).filter(([title]) => title !== 'POST /auth/login');
    // By a machine that is too busy to count in time: told, and no verdict about a restart.
    let limited = 0;
    const load = new Load({ clients: 8, pauseMs: 20 }, async (n) => {
      const [title = '', ask] = questions[n % questions.length] ?? [];
      const outcome = outcomeOf(await (ask as (through: Client) => ReturnType<Client['get']>)(client));
      // A dashboard without one of its parts is what it has instead of a failure.
      if (outcome === '429') limited++;
      return ['works', 'partial', '429'].includes(outcome) ? '' : `${title}: ${outcome}`;
    });
    await wait(2_000);
    await compose('restart', restarted);
    await untilHealthy();
    await wait(4_000);
    const report = await load.stop();
    const { failures } = report;
    process.stdout.write(`${restarted}: ${JSON.stringify({ ...report, limited })}\n`);

    if (replicas > 1) expect(failures).toEqual({});
    for (const failure of Object.keys(failures)) expect(failure).toMatch(/: 503$/);
    expect(report.requests).toBeGreaterThan(200);
    expect(await lostOf(customer, client)).toEqual([]);
    // By itself: nothing but the restart was done.
    for (const [title, ask] of questions) expect([title, outcomeOf(await ask(client))]).toEqual([title, 'works']);
  });
});
