import { Injectable } from '@nestjs/common';

import { CredentialStore } from '../credentials/credential.store.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { nameTaken } from './name-taken.js';
import type { Registration } from './registration.entity.js';
import type { Register } from './registration.schema.js';
import { RegistrationStore } from './registration.store.js';

/** A request for a name that a registration under way has: it may be the same person's, who has had no answer. */
@Injectable()
export class RegistrationResumption {
  constructor(
    private readonly registrations: RegistrationStore,
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly guesses: GuessCounter,
  ) {}

  /** Goes on with what an earlier request of the same person left behind; the password tells that it is the same. */
  async resume({ username, email, password }: Register, address: string): Promise<Registration> {
    const earlier = await this.registrations.findByName(username);
    if (earlier === null) throw nameTaken('username');
    await this.guesses.beforeResumedRegistration(username, address);
    const passwordHash =
      earlier.state === 'pending' ? earlier.passwordHash : await this.credentials.hashOf(earlier.userId);
    if (earlier.email !== email || !(await this.hasher.verify(passwordHash, password))) throw nameTaken('username');
    return earlier;
  }
}
