import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { AccountDirectory } from '../accounts/account-directory.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { Periodic } from '../time/periodic.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
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
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    @Inject(AUTH_SETTINGS)
    private readonly settings: Pick<AuthSettings, 'adminPassword' | 'adminPasswordGenerated' | 'adminEmail'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.adminPassword !== undefined) this.series.start(0);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.series.stop();
  }

  private async tryOnce(): Promise<void> {
    const password = this.settings.adminPassword ?? '';
    await this.makeAdmin(password);
    if (this.settings.adminPasswordGenerated) await this.demandChange(password);
    // Not awaited: it waits for this very run to end.
    void this.series.stop();
  }

  /** Also where a start before this one has ended in between: it is asked again whether that password still counts. */
  private async demandChange(password: string): Promise<void> {
    const admin = await this.accounts.findByLogin(adminUsername);
    const hash = admin === undefined ? undefined : await this.credentials.hashOf(admin.id);
    if (admin === undefined || hash === undefined || !(await this.hasher.verify(hash, password))) return;
    await this.credentials.demandChange(admin.id, hash);
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
