import { z } from 'zod';

import { Id } from '../ids/id.schema.js';
import { whyNotJson } from './json-value.js';

/** Lower-case words joined by dots, for instance `projects.default-status`. */
export const ConfigKey = z
  .string()
  .max(128)
  .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, 'Use lower-case words joined by dots');

const configValue = z.unknown().superRefine((value, context) => {
  const message = whyNotJson(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'Send JSON' });
    return z.NEVER;
  }
});

/** Where a setting is, over gRPC. */
export const ConfigPlace = z.object({ tenantId: Id, key: ConfigKey });

/** Its new value, over REST and over gRPC. */
export const SetTenantConfig = z.strictObject({
  value: configValue,
  /** Secret once is secret for good, whatever the key says. */
  secret: z.boolean().default(false),
});
export type SetTenantConfig = z.output<typeof SetTenantConfig>;
/** Which state of a setting. */
export const ConfigNumber = z.coerce.number().int().min(1).max(2_147_483_647);

export const ConfigValueJson = z.object({ valueJson: jsonText.pipe(configValue) });
