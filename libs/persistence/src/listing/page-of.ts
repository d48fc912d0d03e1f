import { z } from 'zod';

/** The schema of a `Page` as the API shows it. `id` names it in the OpenAPI document. */
export const pageOf = <T extends z.ZodType>(view: T, id: string) =>
  z.object({ items: z.array(view), nextPageToken: z.string() }).meta({ id });
