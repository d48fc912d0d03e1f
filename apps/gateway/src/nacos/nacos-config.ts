import type { NacosConfigClient } from 'nacos';

import { NacosHttp } from './nacos-http.js';
import type { NacosSettings } from './nacos-settings.js';

interface NamedDocument {
  readonly dataId: string;
  readonly group: string;
}

const requestTimeoutMs = 2_000;

/** The configuration part of Nacos, over the `nacos` package. */
export class NacosConfig {
  private readonly http = new NacosHttp();
  private client: Promise<NacosConfigClient> | undefined;

  /** The package writes what it reads into `cacheDir`, and wants to. */
  constructor(
    private readonly settings: NacosSettings,
    private readonly cacheDir: string,
  ) {}

  /** Undefined when there is no such document. Rejects when no server answers. */
  async read({ dataId, group }: NamedDocument): Promise<string | undefined> {
    const client = await (this.client ??= this.open());
    const text = (await client.getConfig(dataId, group, {})) as string | null | undefined;
    // The package then gives what it read some other day.
    if (this.http.failure !== undefined) throw this.http.failure;
    return text ?? undefined;
  }

  /** Calls `changed` when the document has changed, and when asking has failed. Returns the function that ends it. */
  watch({ dataId, group }: NamedDocument, changed: () => void): () => void {
    let isEnded = false;
    const tell = (): void => {
      if (!isEnded) changed();
    };
    void (this.client ??= this.open()).then((client) => {
      if (isEnded) return;
      client.on('error', tell);
      client.subscribe({ dataId, group }, tell);
    });
    return () => (isEnded = true);
  }

  async close(): Promise<void> {
    this.http.close();
    (await this.client)?.close();
  }

  private async open(): Promise<NacosConfigClient> {
    const { NacosConfigClient } = await import('nacos');
    const { servers, namespace, username, password, tls } = this.settings;
    const client = new NacosConfigClient({
      serverAddr: servers,
      namespace,
      ssl: tls,
      httpclient: this.http,
      requestTimeout: requestTimeoutMs,
      cacheDir: this.cacheDir,
      ...(username === undefined || password === undefined ? {} : { username, password }),
    });
    client.on('error', () => undefined);
    await client.ready();
    return client;
  }
}
