import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { EventBus } from '@libs/events';

import { Periodic } from '../time/periodic.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { reloadEveryMs, SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKeyStore } from './signing-key.store.js';

/** Keeps the ring of this process equal to the store, and the store from growing old. */
@Injectable()
export class SigningKeySchedule implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(SigningKeySchedule.name);
  private readonly series: Periodic;
  private endSubscription = (): void => undefined;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly ring: SigningKeyRing,
    private readonly rotation: SigningKeyRotation,
    private readonly events: EventBus,
    @Inject(AUTH_SETTINGS) settings: Pick<AuthSettings, 'keySetMaxAgeMs'>,
  ) {
    this.series = new Periodic(
      () => this.run(),
      reloadEveryMs(settings),
      (error) => this.logger.error(error),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.ring.load();
    await this.rotation.rotateIfAnotherAlgorithmIsSet();
    this.series.start();
    this.endSubscription = this.events.subscribe(['signing-key.rotated'], () => {
      this.ring.load().catch((error: unknown) => this.logger.error(error));
    });
  }

  async run(): Promise<void> {
    await this.store.forgetRetired();
    await this.ring.load();
    await this.rotation.rotateIfDue();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endSubscription();
    await this.series.stop();
  }
}
