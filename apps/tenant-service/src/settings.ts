import { z } from 'zod';

import { serviceSettings, setting } from '@libs/config';

export const TenantServiceSettings = z.object({
  ...serviceSettings({ http: 3002, grpc: 5002, management: 9092 }),
  encryptionKey: setting.secretKey().describe('32 bytes that encrypt the stored answers of Idempotency-Key.'),
});

export type TenantServiceSettings = z.infer<typeof TenantServiceSettings>;
