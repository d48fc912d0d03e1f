import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ConfigError, type ConfigMistake, type Environment, parseYaml } from '@libs/config';

import { type GatewayConfiguration, gatewayConfiguration } from './gateway-configuration.schema.js';

/** Reads a configuration file. Names of files in it are relative to it. Throws a `ConfigError` with every mistake. */
export function readConfiguration(file: string, env: Environment): GatewayConfiguration {
  if (!existsSync(file)) throw new ConfigError([missing(file, '')]);
  return inFolder(
    dirname(resolve(file)),
    parseYaml(readFileSync(file, 'utf8'), gatewayConfiguration, { source: file, env }),
  );
}

/** Refuses a configuration that names files which are not there: better now than at the first request. */
export function checkFiles(file: string, { authentication, openapi }: GatewayConfiguration): void {
  const named = [
    ...authentication.jwt.issuers.map(({ publicKeyFile }, index) => ({
      at: `authentication.jwt.issuers.${index}.publicKeyFile`,
      name: publicKeyFile,
    })),
    { at: 'openapi', name: openapi },
  ];
  const mistakes = named.flatMap(({ at, name }) => (name === undefined || existsSync(name) ? [] : [missing(file, at)]));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

const missing = (source: string, path: string): ConfigMistake => ({
  source,
  line: 0,
  column: 0,
  path,
  message: 'there is no such file',
});

function inFolder(folder: string, configuration: GatewayConfiguration): GatewayConfiguration {
  const { authentication, openapi } = configuration;
  const issuers = authentication.jwt.issuers.map((issuer) =>
    issuer.publicKeyFile === undefined ? issuer : { ...issuer, publicKeyFile: resolve(folder, issuer.publicKeyFile) },
  );
  return {
    ...configuration,
    authentication: { ...authentication, jwt: { issuers } },
    openapi: openapi === undefined ? undefined : resolve(folder, openapi),
  };
}
