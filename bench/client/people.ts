import { randomBytes } from 'node:crypto';

/** Somebody who may call, and what they log in with. */
export interface Caller {
  readonly login: string;
  readonly password: string;
  readonly token: string;
}

async function post(url: string, body: object, status: number): Promise<Record<string, string>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${url} answers ${answer.status}: ${text}`);
  return JSON.parse(text) as Record<string, string>;
}

/** Registers somebody with a tenant of their own, and logs them in. */
export async function registerCaller(gateway: string): Promise<Caller> {
  const login = `caller-${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  const person = { username: login, email: `${login}@example.com`, password, tenantName: `${login} ltd` };
  await post(`${gateway}/auth/register`, person, 201);
  return { login, password, token: await logIn(gateway, { login, password }) };
}

/** The access token of a new session. */
export async function logIn(gateway: string, { login, password }: Omit<Caller, 'token'>): Promise<string> {
  const { accessToken = '' } = await post(`${gateway}/auth/login`, { login, password }, 200);
  return accessToken;
}
