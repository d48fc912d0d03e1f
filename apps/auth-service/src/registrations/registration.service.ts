import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { Tenant, User } from '@libs/grpc';
import { newId } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { Clock } from '../time/clock.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { nameTaken } from './name-taken.js';
import { RegistrationResumption } from './registration-resumption.js';
import type { Registration } from './registration.entity.js';
import type { Register } from './registration.schema.js';
import { RegistrationStore } from './registration.store.js';
import { isDefiniteRefusal } from './saga-outcome.js';

/** From where an account is asked for, and what it may do to the platform. */
interface Asker {
  readonly address: string;
  readonly platformRoles?: readonly string[];
}

export interface OpenedAccount {
  readonly user: User;
  readonly tenant: Tenant;
}

/** Longer than a registration takes that has not failed. */
const leftToItselfForMs = 5_000;

/**
 * Opens an account in two services: first it is written down here, with its ids; then tenant-service makes user and
 * tenant under these ids; then the password becomes valid. Each step may be repeated, so wherever this process dies
 * or a call is lost, the same request or the sweeper goes on from there.
 */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly registrations: RegistrationStore,
    private readonly accounts: AccountDirectory,
    private readonly resumption: RegistrationResumption,
    private readonly hasher: PasswordHasher,
    private readonly entered: EnteredAddresses,
    private readonly clock: Clock,
  ) {}

  /** `lastly` is committed with what ends the registration: after that, the same request is one for a taken name. */
  async register(
    wanted: Register,
    asker: Asker,
    lastly: (opened: OpenedAccount) => Promise<void> = () => Promise.resolve(),
  ): Promise<OpenedAccount> {
    const registration = await this.begin(wanted, asker);
    const account = await this.open(registration);
    const found = await this.entered.look(registration.userId, registration.email);
    // Of several requests for the same name, one is told that it has it.
    const welcome = { ...found, address: asker.address };
    if (!(await this.registrations.finish(registration, welcome, () => lastly(account)))) throw nameTaken('username');
    return account;
  }

  private async begin(wanted: Register, { address, platformRoles = [] }: Asker): Promise<Registration> {
    const now = this.clock.now();
    const registration: Registration = {
      id: newId(),
      userId: newId(),
      tenantId: newId(),
      username: wanted.username,
      email: wanted.email,
      displayName: wanted.displayName ?? wanted.username,
      tenantName: wanted.tenantName ?? wanted.displayName ?? wanted.username,
      platformRoles: [...platformRoles],
      passwordHash: await this.hasher.hashNew(wanted.password, 'password'),
      state: 'pending',
      attempts: 0,
      nextAttemptAt: new Date(now.getTime() + leftToItselfForMs),
      createdAt: now,
    };
    return (await this.registrations.add(registration)) ? registration : this.resumption.resume(wanted, address);
  }

  private async open(registration: Registration): Promise<OpenedAccount> {
    try {
      return await this.accounts.open(registration);
    } catch (error) {
      if (isDefiniteRefusal(error)) {
        await this.registrations.drop(registration);
        throw error;
      }
      throw new Refusal('SERVICE_UNAVAILABLE', {
        detail: 'The account is not open yet. Send the same request again.',
        headers: { 'retry-after': '1' },
        internal: 'nobody knows whether the account is open',
        cause: error,
      });
    }
  }
}
