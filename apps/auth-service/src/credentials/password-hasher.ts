import type { OnApplicationShutdown } from '@nestjs/common';

import type { BreachedPasswords } from './breached-passwords.js';
import type { HashingThreads } from './hashing-threads.js';
import { isBcryptHash } from './password-hash.js';

export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. The algorithm is the package's default. */
const recommendedCost: PasswordCost = { memoryKib: 19_456, passes: 2 };

/** Nobody knows a password for it, and a match would not count. */
const decoySaltAndTag = 'Z2F0ZWhvdXNlLWRlY295LXM$2mpUfQJ1Vd8kGtJqRkY0xN7hUeW3oSgC5bLaZi9TtPM';

/** Hashes and verifies passwords, in threads of its own: libuv's pool is left to files and DNS. */
export class PasswordHasher implements OnApplicationShutdown {
  private readonly prefix: string;
  private readonly decoyHash: string;

  constructor(
    private readonly threads: HashingThreads,
    private readonly cost: PasswordCost = recommendedCost,
    private readonly breached?: Pick<BreachedPasswords, 'refuse' | 'close'>,
  ) {
    this.prefix = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$`;
    this.decoyHash = this.prefix + decoySaltAndTag;
  }

  /** Asked before anything is looked up for a password that could not be checked: a flood must cost next to nothing. */
  refuseIfBusy(): void {
    this.threads.refuseIfFull();
  }

  /** Of a password that somebody has just chosen, and that came in this field: one that is known from a breach is refused. */
  async hashNew(password: string, field: 'password' | 'newPassword'): Promise<string> {
    await this.breached?.refuse(password, field);
    return this.hash(password);
  }

  hash(password: string): Promise<string> {
    const { memoryKib: memoryCost, passes: timeCost } = this.cost;
    const options = { memoryCost, timeCost, parallelism: 1 };
    return this.threads.run('hash', { password: normalise(password), options });
  }

  /** Costs the same when there is no hash, so that time does not tell who has an account. */
  async verify(storedHash: string | undefined, password: string): Promise<boolean> {
    const matches = await this.matches(storedHash ?? this.decoyHash, password);
    return matches && storedHash !== undefined;
  }

  /** True for a hash that was imported, or made when another cost was set: it is made anew while the password is known. */
  isOutdated(storedHash: string): boolean {
    return !storedHash.startsWith(this.prefix);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
    this.breached?.close();
  }

  /** Whoever made a bcrypt hash elsewhere has hashed what was typed, in whatever Unicode form it came. */
  private matches(storedHash: string, password: string): Promise<boolean> {
    if (isBcryptHash(storedHash)) return this.threads.run('verifyBcrypt', { storedHash, password });
    return this.threads.run('verify', { storedHash, password: normalise(password) });
  }
}

/** The same password typed on another keyboard may arrive in another Unicode form (NIST SP 800-63B). */
const normalise = (password: string): string => password.normalize('NFKC');
