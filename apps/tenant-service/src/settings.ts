import { z } from 'zod';

import { serviceSettings, setting } from '@libs/config';
import { mailSettings } from '@libs/mail';

export const TenantServiceSettings = z.object({
  ...serviceSettings({ http: 3002, grpc: 5002, management: 9092 }),
  ...mailSettings(),
  encryptionKey: setting
    .secretKey()
    .describe('32 bytes that encrypt secret settings of tenants, letters, and the stored answers of Idempotency-Key.'),
  accountUrl: setting
    .url('https', 'http')
    .exactOptional()
    .describe('where your page invitation is, to which letters link; without it they hold tokens'),
  defaultPlan: setting
    .text()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be the key of a plan')
    .exactOptional()
    .describe('The plan of tenants that were given none; without it these have no limits of their own.'),
});

export type TenantServiceSettings = z.infer<typeof TenantServiceSettings>;
