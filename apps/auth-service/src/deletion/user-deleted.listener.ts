import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { EventBus } from '@libs/events';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ForgetUserService } from './forget-user.service.js';

/** Ends at once what follows the ending of a user in any case: see `AfterTenantEnding`. A missed event does no harm. */
@Injectable()
export class UserDeletedListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UserDeletedListener.name);
  private readonly running = new Set<Promise<void>>();
  private endSubscription = (): void => undefined;

  constructor(
    private readonly events: EventBus,
    private readonly accounts: AccountDirectory,
    private readonly users: ForgetUserService,
  ) {}

  onApplicationBootstrap(): void {
    this.endSubscription = this.events.subscribe(['user.deleted'], ({ payload }) => {
      const work = this.forget(payload.userId).catch((error: unknown) => this.logger.error(error));
      this.running.add(work);
      void work.finally(() => this.running.delete(work));
    });
  }

  /** An event that was held up may find a user who was restored, and who has a password again. */
  private async forget(userId: string): Promise<void> {
    if ((await this.accounts.find(userId)) === undefined) await this.users.forget(userId);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endSubscription();
    await Promise.all(this.running);
  }
}
