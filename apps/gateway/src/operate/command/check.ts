import { ConfigError, type ConfigMistake, describeMistake } from '@libs/config';

import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import { readDocument, reviewDocument } from '../../configuration/document/read-configuration.js';
import { compileSnapshot } from '../../runtime/snapshot.js';
import type { CommandLine } from './command-line.js';
import { configurationFile } from './command-settings.js';
import type { Console } from './console.js';

/**
 * Finds every mistake of configuration files, and options that contradict each other. Returns the exit code: 1 if there
 * are mistakes. What is only strange is a warning, which is a mistake with --strict.
 */
export async function check(line: CommandLine, console: Console): Promise<number> {
  const files = line.arguments.length > 0 ? line.arguments : [configurationFile(line, console)];
  let code = 0;
  for (const file of files) code = Math.max(code, checkFile(file, line.strict, console));
  return Promise.resolve(code);
}

function checkFile(file: string, isStrict: boolean, { environment, print }: Console): number {
  let warnings: readonly ConfigMistake[] = [];
  let configuration: GatewayConfiguration;
  try {
    configuration = reviewDocument(readDocument(file), environment, (found) => (warnings = found));
    compileSnapshot(configuration);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    for (const text of error instanceof ConfigError ? error.lines : [`${file}: ${error.message}`]) print(text);
    return 1;
  }
  for (const { message, ...place } of warnings) {
    print(describeMistake({ ...place, message: isStrict ? message : `warning: ${message}` }));
  }
  if (isStrict && warnings.length > 0) return 1;
  print(`${file}: ${summaryOf(configuration)}, no mistakes${inWords(warnings.length)}`);
  return 0;
}

function summaryOf({ routes, services, rateLimits }: GatewayConfiguration): string {
  const counts = [
    `${routes.length} routes`,
    `${Object.keys(services).length} services`,
    `${Object.keys(rateLimits).length} limits`,
  ];
  return counts.join(', ');
}

const inWords = (warnings: number): string =>
  warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
