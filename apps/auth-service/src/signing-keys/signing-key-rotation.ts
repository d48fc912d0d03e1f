import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { EventBus } from '@libs/redis';

import { Clock } from '../clock.js';
import { Periodic } from '../periodic.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings.js';
import { jwkSetMaxAgeMs } from './jwk-set.controller.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { SigningKeyStore } from './signing-key.store.js';

const reloadEveryMs = 60_000;
const clockSkewMs = 60_000;

/** Keeps the ring of this process equal to the store, and brings in the next key. */
@Injectable()
export class SigningKeyRotation implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(SigningKeyRotation.name);
  private readonly reload = new Periodic(
    () => this.ring.load(),
    reloadEveryMs,
    (error) => this.logger.error(error),
  );
  private endSubscription = (): void => undefined;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly ring: SigningKeyRing,
    private readonly events: EventBus,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'accessTokenLifetimeMs'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.ring.load();
    this.reload.start();
    this.endSubscription = this.events.subscribe(['signing-key.rotated'], () => {
      this.ring.load().catch((error: unknown) => this.logger.error(error));
    });
  }

  /** Publishes a new key now; it signs once every copy of the key set that was fetched before is stale. */
  async rotate(): Promise<void> {
    const signsFrom = new Date(this.clock.now().getTime() + jwkSetMaxAgeMs + reloadEveryMs);
    await this.store.makeNext(signsFrom, this.settings.accessTokenLifetimeMs + clockSkewMs);
    await this.ring.load();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endSubscription();
    await this.reload.stop();
  }
}
