import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Periodic } from '../time/periodic.js';
import { EmailAnnouncer } from './email-announcer.js';

const everyMs = 1_000;

/** Tells tenant-service of confirmed addresses that it could not be told of at once. */
@Injectable()
export class EmailAnnouncing implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EmailAnnouncing.name);
  private readonly series = new Periodic(
    () => this.announcer.announceAll(),
    everyMs,
    (error) => this.logger.warn({ msg: 'tenant-service cannot be told of confirmed addresses yet', err: error }),
  );

  constructor(private readonly announcer: EmailAnnouncer) {}

  onApplicationBootstrap(): void {
    this.series.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }
}
