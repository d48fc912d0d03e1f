import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { EventBus } from '@libs/redis';

import { ForgetUserService } from './forget-user.service.js';

/** A missed event does no harm: without a user there is no login, and no gateway lets in what is left. */
@Injectable()
export class UserDeletedListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UserDeletedListener.name);
  private readonly running = new Set<Promise<void>>();
  private endSubscription = (): void => undefined;

  constructor(
    private readonly events: EventBus,
    private readonly users: ForgetUserService,
  ) {}

  onApplicationBootstrap(): void {
    this.endSubscription = this.events.subscribe(['user.deleted'], ({ payload }) => {
      const work = this.users.forget(payload.userId).catch((error: unknown) => this.logger.error(error));
      this.running.add(work);
      void work.finally(() => this.running.delete(work));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endSubscription();
    await Promise.all(this.running);
  }
}
