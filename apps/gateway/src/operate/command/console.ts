import { ConfigError, type Environment } from '@libs/config';

import { readCandidate } from '../../configuration/live/candidate.js';
import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import { readDocument } from '../../configuration/document/read-configuration.js';

/** What a command works with, so that it can be tested without a process. */
export interface Console {
  /** Settings, and what `${NAME}` in configurations refers to. */
  readonly environment: Environment;
  print(line: string): void;
  complain(line: string): void;
}

/** Undefined when it has mistakes, all of which have been told. */
export async function readOrTell(
  file: string,
  environment: Environment,
  tell: (line: string) => void,
): Promise<GatewayConfiguration | undefined> {
  try {
    return (await readCandidate(readDocument(file), environment)).configuration;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.lines) tell(line);
    return undefined;
  }
}
