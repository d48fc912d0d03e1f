import { z } from 'zod';

import { layersOf, variablesOf } from './variables.js';

export interface SettingDescription {
  readonly variable: string;
  readonly description: string;
  /** As it would be written in the environment. */
  readonly default?: string;
  /** Nothing starts without it. */
  readonly required: boolean;
  /** The value may also come from the file that `<variable>_FILE` names. */
  readonly secret: boolean;
}

/** What `readSettings` reads from the environment for this schema, for the people who have to set it. */
export const describeSettings = (schema: z.ZodObject): SettingDescription[] =>
  variablesOf(schema).map(({ name, description, isSecret, schema: setting }) => {
    const byDefault = layersOf(setting)
      .map(defaultOf)
      .find((value) => value !== undefined);
    return {
      variable: name,
      description,
      ...(byDefault === undefined ? {} : { default: String(byDefault) }),
      required: !z.object({ setting }).safeParse({}).success,
      secret: isSecret,
    };
  });

const defaultOf = (schema: z.ZodType): unknown =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
