import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RegisteredHost {
  readonly ip: string;
  readonly port: number;
  readonly weight?: number;
  readonly healthy?: boolean;
  readonly enabled?: boolean;
}

const wordSeparator = '\u0002';
const lineSeparator = '\u0001';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The part of Nacos' HTTP API, version 1, that its Node.js client uses: documents, long polls and instances. */
export class NacosServer {
  /** What it was asked, as `GET /nacos/v1/cs/configs`. */
  readonly asked: string[] = [];
  /** The credentials that came with the last request. */
  credentials = '';
  private readonly documents = new Map<string, string>();
  private readonly services = new Map<string, readonly RegisteredHost[]>();
  private waiting: (() => void)[] = [];
  private isBroken = false;
  port = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(port = 0): Promise<NacosServer> {
    const nacos = new NacosServer();
    await new Promise<void>((resolve) => nacos.server.listen(port, '127.0.0.1', resolve));
    nacos.port = (nacos.server.address() as AddressInfo).port;
    return nacos;
  }

  publish(dataId: string, text: string): void {
    this.documents.set(dataId, text);
    for (const answer of this.waiting.splice(0)) answer();
  }

  register(service: string, hosts: readonly RegisteredHost[]): void {
    this.services.set(service, hosts);
  }

  /** From now on, or no longer, it answers 500 to everything. */
  break(isBroken = true): void {
    this.isBroken = isBroken;
    for (const answer of this.waiting.splice(0)) answer();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://nacos');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const parameters = new URLSearchParams([...url.searchParams, ...form]);
    this.credentials = `${parameters.get('username')}:${parameters.get('password')}`;
    const call = `${request.method} ${url.pathname}`;
    this.asked.push(call);
    const answer = (status: number, text = ''): void => void response.writeHead(status).end(text);
    if (this.isBroken) return answer(500, 'broken');
    switch (call) {
      case 'GET /nacos/v1/cs/configs': {
        const text = this.documents.get(parameters.get('dataId') ?? '');
        return text === undefined ? answer(404, 'config data not exist') : answer(200, text);
      }
      case 'POST /nacos/v1/cs/configs/listener':
        return this.listen(parameters.get('Listening-Configs') ?? '', answer);
      case 'GET /nacos/v1/ns/instance/list':
        return answer(200, JSON.stringify(this.instancesOf(parameters)));
      default:
        return answer(404);
    }
  }

  /** Answers at once when the client knows something else, else when something changes. */
  private listen(listening: string, answer: (status: number, text?: string) => void): void {
    const [dataId = '', group = '', known = '', tenant] = (listening.split(lineSeparator)[0] ?? '').split(
      wordSeparator,
    );
    const tell = (): void => {
      if (this.isBroken) return answer(500);
      const changed = [dataId, group, ...(tenant === undefined ? [] : [tenant])].join(wordSeparator) + lineSeparator;
      answer(200, encodeURIComponent(changed));
    };
    if (md5(this.documents.get(dataId) ?? '') !== known) tell();
    else this.waiting.push(tell);
  }

  private instancesOf(parameters: URLSearchParams): object {
    const name = parameters.get('serviceName') ?? '';
    const hosts = (this.services.get(name.split('@@')[1] ?? '') ?? []).map((host) => ({
      weight: 1,
      healthy: true,
      enabled: true,
      ephemeral: true,
      clusterName: 'DEFAULT',
      serviceName: name,
      metadata: {},
      ...host,
    }));
    const time = Date.now();
    return {
      name,
      clusters: parameters.get('clusters') ?? '',
      cacheMillis: 1000,
      hosts,
      lastRefTime: time,
      checksum: '',
    };
  }
}
