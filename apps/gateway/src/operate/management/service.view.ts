import { z } from 'zod';

import { instanceStatuses } from '../../instances/instance-status.js';

export const InstanceSchema = z
  .object({
    service: z.string(),
    url: z.string(),
    status: z.enum(instanceStatuses),
    backup: z.boolean(),
    weight: z.number().describe('In force.'),
    configuredWeight: z.number(),
    inFlight: z.int().describe('Requests that it has not finished.'),
    consecutiveFailures: z.int(),
    ejection: z.object({ because: z.string(), remainingMs: z.number() }).nullable(),
    lastCheck: z
      .object({ hasPassed: z.boolean(), reason: z.string(), time: z.iso.datetime() })
      .nullable()
      .describe('What the last active check saw.'),
  })
  .meta({ id: 'Instance' });

export const ServiceView = z
  .object({
    name: z.string(),
    balance: z.string(),
    available: z.boolean().describe('Whether any instance is fit.'),
    panic: z.boolean().describe('So few are fit that all of them take part.'),
    instances: z.array(InstanceSchema),
  })
  .meta({ id: 'Service' });
export type ServiceView = z.infer<typeof ServiceView>;

export const ServiceList = z.object({ items: z.array(ServiceView) }).meta({ id: 'ServiceList' });
export type ServiceList = z.infer<typeof ServiceList>;

export const InstanceOverride = z.strictObject({
  drain: z.boolean().default(false).describe('true: it finishes what it has and gets nothing new.'),
  weight: z.int().min(1).max(1000).nullable().default(null).describe('Instead of the configured one; null: that one.'),
});
export type InstanceOverride = z.infer<typeof InstanceOverride>;
