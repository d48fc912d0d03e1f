import { EventEmitter } from 'node:events';

import type { DataClient } from 'nacos';

import { NacosHttp } from './nacos-http.js';
import type { NacosSettings } from './nacos-settings.js';

interface NamedDocument {
  readonly dataId: string;
  readonly group: string;
}

const requestTimeoutMs = 2_000;

/** Instead of the package's files, from which it would give what it read some other day without a word. */
class NoSnapshots extends EventEmitter {
  readonly cacheDir = '';
  get = (): Promise<null> => Promise.resolve(null);
  save = (): Promise<void> => Promise.resolve();
  delete = (): Promise<void> => Promise.resolve();
  batchSave = (): Promise<void> => Promise.resolve();
}

/** The configuration part of Nacos, over the `nacos` package. */
export class NacosConfig {
  private readonly http = new NacosHttp();
  private client: Promise<DataClient> | undefined;

  constructor(private readonly settings: NacosSettings) {}

  /** Undefined when there is no such document. Rejects when no server answers. */
  async read({ dataId, group }: NamedDocument): Promise<string | undefined> {
    const client = await (this.client ??= this.open());
    const text = (await client.getConfig(dataId, group, {})) as string | null | undefined;
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
      this.http.onFailure = tell;
      client.on('error', tell);
      client.subscribe({ dataId, group }, tell);
    });
    return () => (isEnded = true);
  }

  async close(): Promise<void> {
    this.http.close();
    (await this.client)?.close();
  }

  /**
   * Not the package's `NacosConfigClient`: that one opens a port through which all processes of a machine share one
   * client, whatever namespace they have asked for.
   */
  private async open(): Promise<DataClient> {
    const { DataClient } = await import('nacos');
    class Client extends DataClient {
      protected override getSnapshot(): NoSnapshots {
        return new NoSnapshots();
      }

      /** A worker that is closed drops its listeners. One of its requests that failed afterwards would end the process. */
      override close(): void {
        const worker = this.getClient();
        super.close();
        worker.on?.('error', () => undefined);
      }
    }
    const { servers, namespace, username, password, tls } = this.settings;
    const client = new Client({
      serverAddr: servers,
      namespace,
      ssl: tls,
      httpclient: this.http,
      requestTimeout: requestTimeoutMs,
      ...(username === undefined || password === undefined ? {} : { username, password }),
    });
    client.on('error', () => undefined);
    await client.ready();
    return client;
  }
}
