import { randomBytes } from 'node:crypto';

import type { Answer, Client } from './client.js';

export interface Person {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly token: string;
  readonly refreshToken: string;
}

const unique = (): string => randomBytes(5).toString('hex');

export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) {
    throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer;
}

/** Registers somebody new with a tenant of their own, and logs them in. */
export async function aPerson(client: Client, name = 'alice'): Promise<Person> {
  const username = `${name}-${unique()}`;
  const email = `${username}@example.com`;
  const password = `correct horse ${unique()}`;
  const made = expectStatus(
    await client.post('/auth/register', { body: { username, email, password, tenantName: `${username} ltd` } }),
    201,
  );
  const session = expectStatus(await client.post('/auth/login', { body: { login: username, password } }), 200);
  return {
    username,
    email,
    password,
    userId: made.body.user.id,
    tenantId: made.body.tenant.id,
    token: session.body.accessToken,
    refreshToken: session.body.refreshToken,
  };
}

/** Asks until the answer has the status, and tells how long that took; gives up after `withinMs`. */
export async function untilStatus(
  ask: () => Promise<Answer>,
  status: number,
  withinMs: number,
): Promise<{ answer: Answer; tookMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    const tookMs = performance.now() - startedAt;
    if (answer.status === status) return { answer, tookMs };
    if (tookMs > withinMs)
      throw new Error(`still ${answer.status} instead of ${status} after ${Math.round(tookMs)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
