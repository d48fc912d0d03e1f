import { hash, verify } from '@node-rs/argon2';

import type { Turnstile } from './turnstile.js';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. The algorithm is the package's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of the same cost as every real hash; nobody knows a password for it, and a match would not count. */
const decoyHash = '$argon2id$v=19$m=19456,t=2,p=1$Z2F0ZWhvdXNlLWRlY295LXM$2mpUfQJ1Vd8kGtJqRkY0xN7hUeW3oSgC5bLaZi9TtPM';

/**
 * Hashes and verifies passwords in libuv's thread pool. Other work shares that pool (files, DNS),
 * so only as many hashes run at once as the turnstile admits.
 */
export class PasswordHasher {
  constructor(private readonly turnstile: Turnstile) {}

  hash(password: string): Promise<string> {
    return this.turnstile.pass(() => hash(normalise(password), cost));
  }

  /** Costs the same when there is no hash, so that time does not tell who has an account. */
  async verify(storedHash: string | undefined, password: string): Promise<boolean> {
    const matches = await this.turnstile.pass(() => verify(storedHash ?? decoyHash, normalise(password)));
    return matches && storedHash !== undefined;
  }
}

/** The same password typed on another keyboard may arrive in another Unicode form (NIST SP 800-63B). */
const normalise = (password: string): string => password.normalize('NFKC');
