import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { type Environment, parseYaml } from '@libs/config';

import { type GatewayConfiguration, gatewayConfiguration } from './gateway-configuration.schema.js';

/** Reads a configuration file. Names of files in it are relative to it. Throws a `ConfigError` with every mistake. */
export function readConfiguration(file: string, env: Environment): GatewayConfiguration {
  return inFolder(dirname(resolve(file)), parseYaml(readFileSync(file, 'utf8'), gatewayConfiguration, { source: file, env }));
}

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
