import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadOrCreateSecrets, randomKey } from '@libs/config';

import type { PlatformSettings } from './settings.js';

const passwordName = 'admin-password';

export interface NewAdmin {
  readonly password: string;
  /** Where it is kept. */
  readonly file: string;
}

export interface PlatformSecrets {
  /** As environment variables for the apps; what the operator's own environment says wins. */
  readonly environment: Readonly<Record<string, string>>;
  /** Until it was shown by a start that succeeded. */
  readonly newAdmin: NewAdmin | undefined;
  adminWasShown(): void;
}

/** Secrets of the embedded mode live in `<dataDir>/secrets`, made at the first start. */
export function platformSecrets({ dataDir, adminPassword }: PlatformSettings): PlatformSecrets {
  const keys = loadOrCreateSecrets(dataDir, { 'seal-key': randomKey, 'encryption-key': randomKey });
  const password =
    adminPassword ??
    loadOrCreateSecrets(dataDir, { [passwordName]: () => randomBytes(15).toString('base64url') })[passwordName] ??
    '';
  const shown = join(dataDir, 'secrets', `${passwordName}.shown`);
  const isNew = adminPassword === undefined && !existsSync(shown);
  return {
    environment: {
      SEAL_KEY: keys['seal-key'],
      ENCRYPTION_KEY: keys['encryption-key'],
      ADMIN_PASSWORD: password,
      ...(adminPassword === undefined ? { ADMIN_PASSWORD_GENERATED: 'true' } : {}),
    },
    newAdmin: isNew ? { password, file: join(dataDir, 'secrets', passwordName) } : undefined,
    adminWasShown: () => {
      if (isNew) writeFileSync(shown, '', { mode: 0o600 });
    },
  };
}

/** Stands for what the first start has yet to make, where settings are only looked at. */
export const throwawaySecrets = (): Readonly<Record<string, string>> => ({
  SEAL_KEY: randomKey(),
  ENCRYPTION_KEY: randomKey(),
  ADMIN_PASSWORD: randomKey(),
});
