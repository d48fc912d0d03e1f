import { Secret, TOTP } from 'otpauth';

import type { AuthStack } from './auth-stack.fixture.js';
import { aPerson, type Person } from './person.fixture.js';
import { SoftwareAuthenticator } from './software-authenticator.fixture.js';

export interface GuardedPerson extends Person {
  readonly recoveryCodes: readonly string[];
  /** What the app shows, `steps` of 30 seconds from now. */
  readonly code: (steps?: number) => string;
}

export const codesOf = (stack: AuthStack, secret: string) => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return (steps = 0): string => totp.generate({ timestamp: stack.clock.now().getTime() + steps * 30_000 });
};

/** Somebody who has registered, logged in, and enrolled an authenticator app. The next step of its codes is unused. */
export async function withTotp(stack: AuthStack, who?: Person): Promise<GuardedPerson> {
  const person = who ?? (await aPerson(stack));
  const begun = await stack.post('/auth/totp', {}, person.identity);
  if (begun.status !== 201) throw new Error(JSON.stringify(begun.body));
  const code = codesOf(stack, begun.body.secret as string);
  const confirmed = await stack.post('/auth/totp:confirm', { code: code() }, person.identity);
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  stack.clock.advance(30_000);
  return { ...person, code, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

export async function addPasskey(stack: AuthStack, { identity }: Person, authenticator = new SoftwareAuthenticator()) {
  const begun = await stack.post('/auth/passkeys:begin', {}, identity);
  if (begun.status !== 200) throw new Error(JSON.stringify(begun.body));
  const response = authenticator.register(begun.body.options);
  const added = await stack.post('/auth/passkeys', { name: 'a phone', response }, identity);
  return { authenticator, added, response };
}

export const passkeyOptions = async (stack: AuthStack) =>
  (await stack.post('/auth/login:passkey-options', {})).body.options as { challenge: string; rpId: string };

/** Up to the challenge of the second factor. */
export async function beginLogin(stack: AuthStack, { username, password }: Person, address = '192.0.2.200') {
  const answer = await stack.call('POST', '/auth/login', {
    body: { login: username, password },
    headers: { 'x-forwarded-for': address },
  });
  return { answer, challenge: answer.body.challenge?.token as string };
}
