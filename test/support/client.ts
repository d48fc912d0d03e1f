import { readFileSync } from 'node:fs';

import { Agent, request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  /** The parsed JSON body, or the text where it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly tenant?: string | undefined;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
}

/** A client of the external API, as a customer would write one. */
export class Client {
  private readonly dispatcher: Agent;

  /** `caFile`: the certificate to trust where the stack made its own. */
  constructor(
    readonly baseUrl: string,
    { caFile }: { caFile?: string | undefined } = {},
  ) {
    this.dispatcher = new Agent({
      connections: 64,
      ...(caFile === undefined ? {} : { connect: { ca: readFileSync(caFile, 'utf8') } }),
    });
  }

  get = (path: string, options?: CallOptions): Promise<Answer> => this.call('GET', path, options);
  post = (path: string, options?: CallOptions): Promise<Answer> => this.call('POST', path, options);
  patch = (path: string, options?: CallOptions): Promise<Answer> => this.call('PATCH', path, options);
  put = (path: string, options?: CallOptions): Promise<Answer> => this.call('PUT', path, options);
  delete = (path: string, options?: CallOptions): Promise<Answer> => this.call('DELETE', path, options);

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token, apiKey, tenant, headers, body, raw } = options;
    const answer = await request(this.baseUrl + path, {
      method: method as 'GET',
      dispatcher: this.dispatcher,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
        ...(tenant === undefined ? {} : { 'x-tenant-id': tenant }),
        ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, body: parse(text) };
  }

  close(): Promise<void> {
    return this.dispatcher.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
