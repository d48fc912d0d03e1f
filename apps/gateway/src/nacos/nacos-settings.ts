import type { GatewaySettings } from '../settings/settings.js';

/** Where Nacos is and how it is asked. */
export interface NacosSettings {
  /** `host:port`, several with commas between them. */
  readonly servers: string;
  /** Empty: public. */
  readonly namespace: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls: boolean;
}

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
