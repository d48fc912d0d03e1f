import type { Environment } from '@libs/config';

import type { ConfigurationOptions } from './configuration/live/configuration.module.js';
import { firstConfiguration } from './configuration/live/first-configuration.js';
import { LastGoodConfiguration } from './configuration/live/last-good-configuration.js';
import { sourceFor } from './configuration/sources/source-for.js';
import { Discoveries } from './discovery/discoveries.js';
import { DnsDiscovery } from './discovery/dns-discovery.js';
import { NacosDiscovery } from './discovery/nacos-discovery.js';
import { nacosSettings } from './settings/nacos-settings.js';
import type { GatewaySettings } from './settings/settings.js';

/** Finds the first configuration, and all that keeps it up to date. */
export async function startConfiguration(
  settings: GatewaySettings,
  environment: Environment,
): Promise<ConfigurationOptions> {
  const source = sourceFor(settings, environment);
  const kept = new LastGoodConfiguration(settings.dataDir, source);
  const copy = kept.read();
  const { failure, ...first } = await firstConfiguration(source, copy, environment);
  const discoveries = new Discoveries(
    { dns: new DnsDiscovery(), nacos: new NacosDiscovery(nacosSettings(settings)) },
    copy?.found,
  );
  await discoveries.follow(first.configuration);
  return {
    configuration: discoveries.complete(first.configuration),
    live: { source, environment, discoveries, kept, failure, first },
  };
}
