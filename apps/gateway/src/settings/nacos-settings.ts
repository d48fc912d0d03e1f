import type { NacosSettings } from '../nacos/nacos-settings.js';
import type { GatewaySettings } from './settings.js';

/** Undefined where no Nacos is named. */
export const nacosSettings = (settings: GatewaySettings): NacosSettings | undefined =>
  settings.nacosServer === undefined
    ? undefined
    : {
        servers: settings.nacosServer,
        namespace: settings.nacosNamespace,
        username: settings.nacosUsername,
        password: settings.nacosPassword,
        tls: settings.nacosTls,
      };
