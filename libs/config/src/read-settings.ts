import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { type Environment, processEnvironment } from './environment.js';
import { type SettingMistake, SettingsError } from './settings-error.js';
import { type Variable, variablesOf } from './variables.js';

/**
 * Settings from environment variables: `httpPort` is read from `HTTP_PORT`. Throws one `SettingsError`
 * with every mistake. A variable that is set to nothing counts as unset, as compose files write it.
 */
export function readSettings<T extends z.ZodObject>(
  schema: T,
  environment: Environment = processEnvironment(),
): z.output<T> {
  const variables = variablesOf(schema);
  const mistakes: SettingMistake[] = [];
  const input: Record<string, unknown> = {};

  for (const variable of variables) {
    try {
      place(input, variable.path, valueOf(variable, environment));
    } catch (error) {
      mistakes.push({ variable: variable.name, message: (error as Error).message, description: variable.description });
    }
  }

  const parsed = schema.safeParse(input);
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.map(String).join('.');
    const variable = variables.find((candidate) => candidate.path.join('.') === path);
    if (mistakes.some((mistake) => mistake.variable === variable?.name)) continue;
    const isMissing = variable !== undefined && valueAt(input, variable.path) === undefined;
    mistakes.push({
      variable: variable?.name ?? path,
      message: isMissing ? 'is required' : issue.message,
      description: variable?.description ?? '',
    });
  }

  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return parsed.data as z.output<T>;
}

function valueOf({ name, isSecret }: Variable, environment: Environment): string | undefined {
  const value = environment[name] || undefined;
  const file = isSecret ? environment[`${name}_FILE`] || undefined : undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`is set, and ${name}_FILE too: set only one`);
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    throw new Error(`cannot be read from the file that ${name}_FILE names`, { cause: error });
  }
}

function place(target: Record<string, unknown>, path: readonly string[], value: string | undefined): void {
  const [key = '', ...rest] = path;
  if (rest.length > 0) place((target[key] ??= {}) as Record<string, unknown>, rest, value);
  else if (value !== undefined) target[key] = value;
}

const valueAt = (input: unknown, path: readonly string[]): unknown =>
  path.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);
