import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Clock } from '../time/clock.js';
import { Periodic } from '../time/periodic.js';
import { SessionStore } from './session.store.js';

const everyMs = 3_600_000;
/** Long enough that every access token is gone and a late refresh is still told that its session is over. */
const keptForMs = 24 * 3_600_000;

/** Keeps the tables from growing without end. */
@Injectable()
export class SessionCleaning implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SessionCleaning.name);
  private readonly series = new Periodic(
    () => this.clean(),
    everyMs,
    (error) => this.logger.error(error),
  );

  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.series.start();
  }

  async clean(): Promise<void> {
    const time = new Date(this.clock.now().getTime() - keptForMs);
    while ((await this.sessions.forgetSomeExpired(time)) === 'more');
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }
}
