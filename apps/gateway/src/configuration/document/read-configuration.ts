import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ConfigError, type ConfigMistake, type Environment, parseYaml, type ParseYamlOptions } from '@libs/config';

import type { ConfigurationDocument } from './configuration-document.js';
import { reviewConfiguration } from '../contradictions/review-configuration.js';
import { gatewayConfiguration } from '../check/gateway-configuration.js';
import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import { resolveFiles } from './named-files.js';
import { checkPublicKeys } from './public-keys.js';

type Written = Pick<ConfigurationDocument, 'text' | 'place' | 'folder'>;

export interface ParsedConfiguration {
  readonly configuration: GatewayConfiguration;
  /** Options that contradict each other, or do nothing: `check` names them, and a gateway that runs goes on. */
  readonly doubts: readonly ConfigMistake[];
}

/** Throws a `ConfigError` with every mistake: of the YAML, of single values, of names that lead nowhere, of files. */
export function parseConfiguration(document: Written, env: Environment): ParsedConfiguration {
  let doubts: readonly ConfigMistake[] = [];
  const configuration = parseYaml(document.text, gatewayConfiguration, {
    ...strictly(document, env),
    review: (parsed, written, { warning }) => reviewConfiguration(parsed, written, { mistake: warning, warning }),
    onWarnings: (found) => (doubts = found),
  });
  return { configuration, doubts };
}

/** As `parseConfiguration`, but options that contradict each other are mistakes, too. */
export const reviewDocument = (
  document: Written,
  env: Environment,
  onWarnings: (warnings: readonly ConfigMistake[]) => void,
): GatewayConfiguration =>
  parseYaml(document.text, gatewayConfiguration, {
    ...strictly(document, env),
    review: reviewConfiguration,
    onWarnings,
  });

const strictly = ({ place, folder }: Written, env: Environment): ParseYamlOptions => ({
  source: place,
  env,
  prepare: (value, report) => {
    const resolved = resolveFiles(value, folder, report);
    checkPublicKeys(resolved, report);
    return resolved;
  },
});

/** As `parseConfiguration`, but files that are named and not there are no mistake: who only looks needs none of them. */
export function readConfiguration(file: string, env: Environment): GatewayConfiguration {
  const { text, place, folder } = readDocument(file);
  return parseYaml(text, gatewayConfiguration, {
    source: place,
    env,
    prepare: (value) => resolveFiles(value, folder),
  });
}

/** The document in a file. Throws a `ConfigError` when it cannot be read. */
export function readDocument(file: string): ConfigurationDocument {
  const text = textOf(file);
  return { text, place: file, folder: dirname(resolve(file)), version: digest(text) };
}

/** The same text has the same version in every gateway that reads it. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing ? 'there is no such file' : (error as Error).message;
    throw new ConfigError([{ source: file, line: 0, column: 0, path: '', message }]);
  }
}
