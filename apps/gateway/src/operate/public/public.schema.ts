import { z } from 'zod';

export const PublicStatus = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'draining'])
      .describe('`degraded`: a service is not available; `draining`: this process is about to stop.'),
    time: z.iso.datetime(),
  })
  .meta({ id: 'PublicStatus' });
export type PublicStatus = z.infer<typeof PublicStatus>;

const PublicService = z
  .object({ name: z.string(), status: z.enum(['available', 'unavailable']) })
  .meta({ id: 'PublicService' });
export type PublicService = z.infer<typeof PublicService>;

export const PublicServices = z.object({ items: z.array(PublicService) }).meta({ id: 'PublicServices' });
export type PublicServices = z.infer<typeof PublicServices>;
