import { dirname, resolve } from 'node:path';

import { type Environment, SettingsError } from '@libs/config';

import { nacosSettings } from '../../settings/nacos-settings.js';
import type { GatewaySettings } from '../../settings/settings.js';
import type { ConfigurationDocument } from '../document/configuration-document.js';
import { parseConfiguration, readDocument } from '../document/read-configuration.js';
import type { ConfigurationSource } from './configuration-source.js';
import { DatabaseSource } from './database-source.js';
import { FileSource } from './file-source.js';
import { NacosSource } from './nacos-source.js';

/** The source that the settings name. */
export function sourceFor(settings: GatewaySettings, environment: Environment): ConfigurationSource {
  const { configurationSource, gatewayConfig, databaseUrl, dataDir } = settings;
  // Wherever the configuration is, the files that it names are found as if it were the file.
  const folder = dirname(resolve(gatewayConfig));
  switch (configurationSource) {
    case 'file':
      return new FileSource(gatewayConfig);
    case 'database':
      return new DatabaseSource({ databaseUrl, dataDir, folder, seed: () => checkedFile(gatewayConfig, environment) });
    case 'nacos':
      return nacosSource(settings, folder);
  }
}

function checkedFile(file: string, environment: Environment): ConfigurationDocument {
  const document = readDocument(file);
  parseConfiguration(document, environment);
  return document;
}

function nacosSource(settings: GatewaySettings, folder: string): NacosSource {
  const nacos = nacosSettings(settings);
  if (nacos === undefined) {
    const description = 'host:port of Nacos, for CONFIGURATION_SOURCE=nacos';
    throw new SettingsError([{ variable: 'NACOS_SERVER', message: 'is required', description }]);
  }
  const { nacosGroup: group, nacosDataId: dataId } = settings;
  return new NacosSource({ settings: nacos, group, dataId, folder });
}
