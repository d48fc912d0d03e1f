import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { AccountDirectory } from '../accounts/account-directory.js';
import { Periodic } from '../periodic.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings.js';
import { RegistrationService } from './registration.service.js';

const tryAgainAfterMs = 500;

export const adminUsername = 'admin';

/** Makes the first administrator when there is none, as soon as tenant-service answers. */
@Injectable()
export class AdminBootstrap implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AdminBootstrap.name);
  private readonly series = new Periodic(
    () => this.tryOnce(),
    tryAgainAfterMs,
    (error) => this.logger.warn(`the user ${adminUsername} cannot be made yet: ${String(error)}`),
  );

  constructor(
    private readonly accounts: AccountDirectory,
    private readonly registrations: RegistrationService,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'adminPassword' | 'adminEmail'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.adminPassword !== undefined) this.series.start(0);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }

  private async tryOnce(): Promise<void> {
    await this.makeAdmin(this.settings.adminPassword ?? '');
    // Not awaited: it waits for this very run to end.
    void this.series.stop();
  }

  private async makeAdmin(password: string): Promise<void> {
    if ((await this.accounts.findByLogin(adminUsername)) !== undefined) return;
    const admin = { username: adminUsername, email: this.settings.adminEmail, password, displayName: 'Administrator' };
    try {
      await this.registrations.register(admin, { address: '', platformRoles: ['platform-admin'] });
      this.logger.log(`made the user ${adminUsername}`);
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof Refusal && error.code === 'RESOURCE_NAME_TAKEN')) throw error;
    }
  }
}
