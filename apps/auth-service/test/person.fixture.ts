import { randomUUID } from 'node:crypto';

import { anIdentity } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import type { AuthStack } from './auth-stack.fixture.js';

export interface Person {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly refreshToken: string;
  readonly accessToken: string;
  /** As the gateway makes it of the access token. */
  readonly identity: Identity;
}

export const newNames = () => {
  const username = `person-${randomUUID()}`;
  return { username, email: `${username}@example.com`, password: 'correct horse battery' };
};

/** Somebody who has registered and logged in. */
export async function aPerson(stack: AuthStack): Promise<Person> {
  const names = newNames();
  const registered = await stack.post('/auth/register', names);
  if (registered.status !== 201) throw new Error(JSON.stringify(registered.body));
  const { user, tenant } = registered.body as { user: { id: string }; tenant: { id: string } };
  return { ...names, userId: user.id, tenantId: tenant.id, ...(await logIn(stack, names)) };
}

/** One who has confirmed the address as well, in the session. */
export async function aConfirmedPerson(stack: AuthStack): Promise<Person> {
  const person = await aPerson(stack);
  const token = await stack.mailbox.token(person.email, /Confirm/);
  const { status } = await stack.post('/auth/email:verify', { token }, person.identity);
  if (status !== 204) throw new Error('not confirmed');
  return person;
}

export async function logIn(
  stack: AuthStack,
  { username, password }: { username: string; password: string },
): Promise<Pick<Person, 'accessToken' | 'refreshToken' | 'identity'>> {
  const { body } = await stack.post('/auth/login', { login: username, password });
  const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
  return { accessToken, refreshToken, identity: identityOf(accessToken, username) };
}

/** As the gateway makes it of an access token. */
export function identityOf(accessToken: string, userName: string): Identity {
  const { sub, tid, sid, roles } = claimsOf(accessToken);
  return anIdentity({ userId: sub, userName, tenantId: tid, sessionId: sid, roles });
}

interface Claims {
  readonly sub: string;
  readonly tid: string;
  readonly sid: string;
  readonly roles: string[];
  readonly amr: string[];
  readonly auth_time: number;
  readonly iat: number;
  readonly exp: number;
}

export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
