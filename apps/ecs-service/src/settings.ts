import { z } from 'zod';

import { serviceSettings, setting } from '@libs/config';

const simulated = (defaultMs: number, what: string) =>
  setting.durationMs().default(defaultMs).describe(`How long the simulated driver takes to ${what} an instance.`);

export const EcsServiceSettings = z.object({
  ...serviceSettings({ http: 3004, grpc: 5004, management: 9094 }),
  encryptionKey: setting.secretKey().describe('32 bytes that encrypt the stored answers of Idempotency-Key.'),
  simulatedProvisionMs: simulated(2_000, 'provision'),
  simulatedStartMs: simulated(1_000, 'start'),
  simulatedStopMs: simulated(1_000, 'stop'),
  simulatedDeleteMs: simulated(0, 'delete'),
});

export type EcsServiceSettings = z.infer<typeof EcsServiceSettings>;
