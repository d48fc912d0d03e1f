import type { NacosNamingClient } from 'nacos';

import { NacosHttp } from './nacos-http.js';
import { nacosLog } from './nacos-log.js';
import type { NacosSettings } from './nacos-settings.js';

export interface RegisteredInstance {
  readonly ip: string;
  readonly port: number;
  readonly weight: number;
}

interface NamedService {
  readonly service: string;
  readonly group: string;
  readonly clusters: readonly string[];
}

type NamingClient = NacosNamingClient & {
  readonly _hostReactor?: { readonly _pushReceiver?: { close(): unknown } };
  readonly _beatReactor?: { _clientBeatInterval: number; close(): unknown };
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
};

/** The naming part of Nacos, over the `nacos` package. */
export class NacosNaming {
  private readonly http = new NacosHttp();
  private client: Promise<NamingClient> | undefined;

  constructor(private readonly settings: NacosSettings) {}

  /** Those that are enabled and healthy. Rejects when no server answers. */
  async instancesOf({ service, group, clusters }: NamedService): Promise<readonly RegisteredInstance[]> {
    const client = await (this.client ??= this.open());
    // Without the package's own subscription: it cannot tell "none" from "nobody answers".
    return client.selectInstances(service, group, clusters.join(','), true, false);
  }

  async close(): Promise<void> {
    this.http.close();
    await (await this.client)?.close();
  }

  private async open(): Promise<NamingClient> {
    const { NacosNamingClient } = await import('nacos');
    const { servers, namespace, username, password, tls } = this.settings;
    const client = new NacosNamingClient({
      logger: nacosLog as unknown as typeof console,
      serverList: servers,
      namespace: namespace === '' ? 'public' : namespace,
      ssl: tls,
      ...(username === undefined || password === undefined ? {} : { username, password }),
      // oxlint-disable-next-line no-useless-spread -- the types of the package do not know this option
      ...{ httpclient: this.http },
    }) as NamingClient;
    client.on('error', () => undefined);
    endBeats(client);
    await client.ready();
    // It listens on a UDP port of every interface, on which anybody could announce instances of their own.
    client._hostReactor?._pushReceiver?.close();
    return client;
  }
}

/** The gateway registers nothing there, so nothing has to be kept alive, and no timer has to outlive the client. */
function endBeats({ _beatReactor: beats }: NamingClient): void {
  if (beats === undefined) return;
  beats._clientBeatInterval = 0;
  beats.close();
}
