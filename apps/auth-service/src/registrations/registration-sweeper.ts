import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { AccountDirectory } from '../accounts/account-directory.js';
import { Clock } from '../time/clock.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { Periodic } from '../time/periodic.js';
import type { Registration } from './registration.entity.js';
import { RegistrationStore } from './registration.store.js';
import { isDefiniteRefusal } from './saga-outcome.js';

const everyMs = 1_000;
const firstPauseMs = 2_000;
const longestPauseMs = 300_000;
/** How long somebody whose registration was finished for them may come back to be told. */
const finishedKeptForMs = 24 * 3_600_000;

/** Finishes the registrations that nobody is working on any more. */
@Injectable()
export class RegistrationSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RegistrationSweeper.name);
  private readonly series = new Periodic(
    () => this.sweep(),
    everyMs,
    (error) => this.logger.error(error),
  );

  constructor(
    private readonly registrations: RegistrationStore,
    private readonly accounts: AccountDirectory,
    private readonly entered: EnteredAddresses,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.series.start();
  }

  async sweep(): Promise<void> {
    for (const registration of await this.registrations.due()) await this.finish(registration);
    await this.registrations.forgetFinished(new Date(this.clock.now().getTime() - finishedKeptForMs));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }

  private async finish(registration: Registration): Promise<void> {
    try {
      await this.accounts.open(registration);
      const found = await this.entered.look(registration.userId, registration.email);
      await this.registrations.finishUntold(registration, { ...found, address: '' });
      this.logger.log(`finished registration ${registration.id}`);
    } catch (error) {
      if (isDefiniteRefusal(error)) {
        await this.registrations.drop(registration);
        this.logger.warn(`dropped registration ${registration.id}: ${error.code}`);
        return;
      }
      const pauseMs = Math.min(firstPauseMs * 2 ** registration.attempts, longestPauseMs);
      await this.registrations.postpone(registration, new Date(this.clock.now().getTime() + pauseMs));
      this.logger.warn(`registration ${registration.id} cannot be finished yet: ${String(error)}`);
    }
  }
}
