import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RegisteredHost {
  readonly ip: string;
  readonly port: number;
  readonly weight?: number;
  readonly healthy?: boolean;
  readonly enabled?: boolean;
}

/** The versions of Nacos whose HTTP API it speaks, as their documentation describes it. */
export const nacosVersions = ['2.x', '3.x'] as const;
export type NacosVersion = (typeof nacosVersions)[number];

export interface NacosUser {
  readonly username: string;
  readonly password: string;
}

const wordSeparator = '\u0002';
const lineSeparator = '\u0001';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

type Answer = (status: number, body?: string | object) => void;

/** The part of Nacos' HTTP API that a gateway uses: log-ins, documents, long polls and instances. */
export class NacosServer {
  /** What it was asked, as `GET /nacos/v1/cs/configs`. */
  readonly asked: string[] = [];
  /** Whole addresses, as they stand in everybody's logs. */
  readonly urls: string[] = [];
  port = 0;
  /** Without one, everybody may ask. */
  user: NacosUser | undefined;
  private readonly tokens = new Set<string>();
  private readonly documents = new Map<string, string>();
  private readonly services = new Map<string, readonly RegisteredHost[]>();
  private readonly waiting: (() => void)[] = [];
  private state: 'well' | 'broken' | 'silent' = 'well';
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(private version: NacosVersion) {}

  static async start(version: NacosVersion, port = 0): Promise<NacosServer> {
    const nacos = new NacosServer(version);
    await new Promise<void>((resolve) => nacos.server.listen(port, '127.0.0.1', resolve));
    nacos.port = (nacos.server.address() as AddressInfo).port;
    return nacos;
  }

  publish(dataId: string, text: string): void {
    this.documents.set(dataId, text);
    this.tellAll();
  }

  register(service: string, hosts: readonly RegisteredHost[]): void {
    this.services.set(service, hosts);
  }

  /** From now on it answers 500 to everything, or nothing at all, or as it should. */
  become(state: 'well' | 'broken' | 'silent'): void {
    this.state = state;
    this.tellAll();
  }

  upgradeTo(version: NacosVersion): void {
    this.version = version;
    this.tellAll();
  }

  /** As a restart does, or the end of their time. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private tellAll(): void {
    for (const tell of this.waiting.splice(0)) tell();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://nacos');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const call = `${request.method} ${url.pathname}`;
    this.asked.push(call);
    this.urls.push(request.url ?? '');
    const answer: Answer = (status, body = '') => {
      if (this.state === 'silent') return;
      response.writeHead(this.state === 'broken' ? 500 : status);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (this.state !== 'well') return answer(500);
    const path = url.pathname.replace('/nacos', '');
    if (call === `POST /nacos${this.version === '2.x' ? '/v1/auth/login' : '/v3/auth/user/login'}`) {
      return this.logIn(form, answer);
    }
    // Spring's own answer, to a path that nobody has.
    const unknown = (): void => answer(404, { status: 404, error: 'Not Found', path: url.pathname });
    const routes = this.version === '2.x' ? this.second : this.third;
    const route = routes[`${request.method} ${path}`];
    if (route === undefined) return unknown();
    if (!this.mayAsk(request)) return answer(403, { status: 403, error: 'Forbidden', path: url.pathname });
    route(url.searchParams, form, answer);
  }

  private logIn(form: URLSearchParams, answer: Answer): void {
    const { user } = this;
    if (user === undefined || form.get('username') !== user.username || form.get('password') !== user.password) {
      return answer(403, 'unknown user!');
    }
    const accessToken = randomUUID();
    this.tokens.add(accessToken);
    answer(200, { accessToken, tokenTtl: 18_000, globalAdmin: false, username: user.username });
  }

  private mayAsk({ headers }: IncomingMessage): boolean {
    if (this.user === undefined) return true;
    const token = this.version === '2.x' ? headers.authorization?.replace('Bearer ', '') : headers['accesstoken'];
    return this.tokens.has(String(token));
  }

  private readonly second: Record<string, (query: URLSearchParams, form: URLSearchParams, answer: Answer) => void> = {
    'GET /v1/cs/configs': (query, _, answer) => {
      const text = this.documents.get(query.get('dataId') ?? '');
      if (text === undefined) answer(404, 'config data not exist');
      else answer(200, text);
    },
    'POST /v1/cs/configs/listener': (_, form, answer) => this.listen(form.get('Listening-Configs') ?? '', answer),
    'GET /v1/ns/instance/list': (query, _, answer) => {
      const name = query.get('serviceName') ?? '';
      answer(200, { name, clusters: query.get('clusters') ?? '', cacheMillis: 10_000, hosts: this.hostsOf(name) });
    },
  };

  private readonly third: Record<string, (query: URLSearchParams, form: URLSearchParams, answer: Answer) => void> = {
    'GET /v3/client/cs/config': (query, _, answer) => {
      const content = this.documents.get(query.get('dataId') ?? '');
      if (query.get('groupName') === null) answer(400, { code: 10_000, message: 'parameter missing', data: null });
      else if (content === undefined) answer(404, { code: 20_004, message: 'resource not found', data: null });
      else answer(200, { code: 0, message: 'success', data: { content, md5: md5(content), contentType: 'yaml' } });
    },
    'GET /v3/client/ns/instance/list': (query, _, answer) => {
      const name = `${query.get('groupName') ?? 'DEFAULT_GROUP'}@@${query.get('serviceName')}`;
      answer(200, { code: 0, message: 'success', data: this.hostsOf(name) });
    },
  };

  /** Answers at once when the client knows something else, else when something changes. */
  private listen(listening: string, answer: Answer): void {
    const [dataId = '', group = '', known = '', tenant] = (listening.split(lineSeparator)[0] ?? '').split(
      wordSeparator,
    );
    const text = this.documents.get(dataId);
    const changed = [dataId, group, ...(tenant === undefined ? [] : [tenant])].join(wordSeparator) + lineSeparator;
    const tell = (): void => answer(200, encodeURIComponent(changed));
    if ((text === undefined ? '' : md5(text)) !== known) tell();
    else this.waiting.push(tell);
  }

  private hostsOf(name: string): object[] {
    return (this.services.get(name.split('@@')[1] ?? '') ?? []).map((host) => ({
      weight: 1,
      healthy: true,
      enabled: true,
      ephemeral: true,
      clusterName: 'DEFAULT',
      serviceName: name,
      metadata: {},
      ...host,
    }));
  }
}
