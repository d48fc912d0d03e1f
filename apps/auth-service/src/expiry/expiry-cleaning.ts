import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Clock } from '../time/clock.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { Periodic } from '../time/periodic.js';
import { SecurityEventStore } from '../security-events/security-event.store.js';
import { Challenges } from '../challenges/challenges.js';

const everyMs = 3_600_000;
/** The audit trail has them for longer. */
const eventsKeptForMs = 90 * 24 * 3_600_000;

/** Keeps the tables of what is good or of interest for a while from growing without end. */
@Injectable()
export class ExpiryCleaning implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ExpiryCleaning.name);
  private readonly series = new Periodic(
    () => this.clean(),
    everyMs,
    (error) => this.logger.error(error),
  );

  constructor(
    private readonly challenges: Challenges,
    private readonly mailTokens: MailTokenStore,
    private readonly events: SecurityEventStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.series.start();
  }

  async clean(): Promise<void> {
    await this.challenges.forgetExpired(this.clock.now());
    await this.mailTokens.forgetExpired(this.clock.now());
    await this.events.forgetNotedBefore(new Date(this.clock.now().getTime() - eventsKeptForMs));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }
}
