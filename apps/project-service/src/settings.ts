import { z } from 'zod';

import { serviceSettings, setting } from '@libs/config';

export const ProjectServiceSettings = z.object({
  ...serviceSettings({ http: 3003, grpc: 5003, management: 9093 }),
  encryptionKey: setting.secretKey().describe('32 bytes that encrypt the stored answers of Idempotency-Key.'),
  dashboardPartMs: setting.durationMs().default(800).describe('How long the dashboard waits for each of its parts.'),
});

export type ProjectServiceSettings = z.infer<typeof ProjectServiceSettings>;
