import { readSecret, readSettings } from '@libs/config';

import { GatewaySettings } from '../../settings/settings.js';
import { type CommandLine, UsageError } from './command-line.js';
import type { Console } from './console.js';

const CommandSettings = GatewaySettings.pick({ gatewayConfig: true, dataDir: true, managementToken: true });

/** The configuration file that the command line names, or the settings do. */
export const configurationFile = ({ config }: CommandLine, { environment }: Console): string =>
  config ?? readSettings(CommandSettings, environment).gatewayConfig;

/** The token of the gateway that keeps its data where the settings say. */
export function operatorToken({ environment }: Console): string {
  const { managementToken, dataDir } = readSettings(CommandSettings, environment);
  const token = managementToken ?? readSecret(dataDir, 'management-token');
  if (token === undefined) {
    throw new UsageError(`Set MANAGEMENT_TOKEN: ${dataDir} has no token of a gateway that was started here.`);
  }
  return token;
}
