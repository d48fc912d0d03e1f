import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Periodic } from '../time/periodic.js';
import { EmailProofs } from './email-proofs.js';

const everyMs = 1_000;

/** Tells tenant-service of confirmed addresses that it could not be told of at once. */
@Injectable()
export class EmailAnnouncing implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EmailAnnouncing.name);
  private readonly series = new Periodic(
    () => this.proofs.announceAll(),
    everyMs,
    (error) => this.logger.warn({ msg: 'tenant-service cannot be told of confirmed addresses yet', err: error }),
  );

  constructor(private readonly proofs: EmailProofs) {}

  onApplicationBootstrap(): void {
    this.series.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }
}
