import { z } from 'zod';

import { Id } from '../id.schema.js';
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

const jsonText = z.string().transform((text, context): unknown => {
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
export const SetTenantConfig = z.strictObject({ value: configValue });
export type SetTenantConfig = z.output<typeof SetTenantConfig>;
export const ConfigValueJson = z.object({ valueJson: jsonText.pipe(configValue) });
