import { z } from 'zod';

import { singleLine } from '@libs/service';

import { ValueSchema } from './value-schema.js';

export const SetConfigKey = z.strictObject({
  description: singleLine(200).or(z.literal('')).default(''),
  schema: ValueSchema.nullable().default(null),
  secret: z.boolean().default(false),
});
export type SetConfigKey = z.output<typeof SetConfigKey>;
