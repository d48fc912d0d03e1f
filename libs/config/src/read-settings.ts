import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { type Environment, processEnvironment } from './environment.js';
import { misspeltNames } from './misspelt-names.js';
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
  const { mistakes, settings } = tryToRead(schema, environment);
  const misspelt = misspeltIn(schema, environment);
  // A program of somebody else may read it: that is no reason not to start.
  if (mistakes.length === 0) tellOnce(misspelt);
  else throw new SettingsError([...mistakes, ...misspelt]);
  return settings as z.output<T>;
}

/** Every mistake in what `schema` reads from the environment. */
export const settingMistakes = (schema: z.ZodObject, environment: Environment): readonly SettingMistake[] =>
  tryToRead(schema, environment).mistakes;

/** Variables that are no settings, and look as if they were meant to be. */
export function misspeltIn(schema: z.ZodObject, environment: Environment): SettingMistake[] {
  const known = variablesOf(schema).flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name]));
  return misspeltNames(known, environment).map(({ name, meant }) => ({
    variable: name,
    message: `is no setting, and is not read: is ${meant} meant?`,
    description: '',
  }));
}

const told = new Set<string>();

function tellOnce(misspelt: readonly SettingMistake[]): void {
  for (const { variable, message } of misspelt) {
    if (!told.has(variable)) process.emitWarning(`${variable} ${message}`, 'SettingsWarning');
    told.add(variable);
  }
}

function tryToRead(schema: z.ZodObject, environment: Environment) {
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
  return { mistakes, settings: parsed.data };
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
