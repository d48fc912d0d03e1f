import { randomBytes } from 'node:crypto';

import { loadOrCreateSecrets, randomKey, readSecret } from '@libs/config';

import type { PlatformSettings } from './settings.js';

export interface PlatformSecrets {
  /** As environment variables for the apps; what the operator's own environment says wins. */
  readonly environment: Readonly<Record<string, string>>;
  /** Set only at the start that made it: it is printed once. */
  readonly newAdminPassword: string | undefined;
}

/** Secrets of the embedded mode live in `<dataDir>/secrets`, made at the first start. */
export function platformSecrets({ dataDir, adminPassword }: PlatformSettings): PlatformSecrets {
  const isFirstStart = readSecret(dataDir, 'admin-password') === undefined;
  const keys = loadOrCreateSecrets(dataDir, { 'seal-key': randomKey, 'encryption-key': randomKey });
  const password =
    adminPassword ??
    loadOrCreateSecrets(dataDir, { 'admin-password': () => randomBytes(15).toString('base64url') })['admin-password'];
  return {
    environment: {
      SEAL_KEY: keys['seal-key'],
      ENCRYPTION_KEY: keys['encryption-key'],
      ADMIN_PASSWORD: password,
    },
    newAdminPassword: adminPassword === undefined && isFirstStart ? password : undefined,
  };
}

/** Stands for what the first start has yet to make, where settings are only looked at. */
export const throwawaySecrets = (): Readonly<Record<string, string>> => ({
  SEAL_KEY: randomKey(),
  ENCRYPTION_KEY: randomKey(),
  ADMIN_PASSWORD: randomKey(),
});
