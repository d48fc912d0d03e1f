import { Agent, request } from 'undici';

import type { Names } from '@libs/names';

import { NacosFailure } from './nacos-failure.js';

export interface NacosRequest {
  readonly path: string;
  /** Never a secret: addresses are logged by everybody on the way. */
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface NacosAnswer {
  readonly status: number;
  readonly text: string;
}

const timeoutMs = 2_000;
/** Nacos itself takes no larger document. */
const maxBytes = 16 * 1024 * 1024;

/** Asks the servers of one Nacos, the one that answered last first. */
export class NacosHttp {
  private readonly agent: Agent;
  private readonly closing = new AbortController();
  private readonly origins: string[];

  constructor({ servers, tls }: { readonly servers: string; readonly tls: boolean }, names: Names) {
    this.agent = new Agent({ connect: { lookup: names.lookup, timeout: timeoutMs } });
    this.origins = servers
      .split(',')
      .map((server) => server.trim())
      .filter((server) => server !== '')
      .map((server) => `${tls ? 'https' : 'http'}://${server}`);
  }

  /** A GET, or a POST of a form. Rejects with a `NacosFailure` when no server gives an answer that is its own. */
  async send(asked: NacosRequest): Promise<NacosAnswer> {
    let failure = new NacosFailure('NACOS_SERVER names no server');
    for (const origin of this.origins.slice()) {
      try {
        const answer = await this.ask(origin, asked);
        if (answer.status < 500 || answer.status === 501) return answer;
        failure = new NacosFailure(`Nacos at ${origin} answers ${answer.status}`, answer.status);
      } catch (error) {
        failure = new NacosFailure(`Nacos at ${origin} cannot be reached: ${reasonOf(error)}`, undefined, {
          cause: error,
        });
      }
      if (this.closing.signal.aborted) break;
      this.origins.push(...this.origins.splice(0, 1));
    }
    throw failure;
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('Nacos is not asked any more'));
    await this.agent.destroy();
  }

  private async ask(
    origin: string,
    { path, query = {}, form, headers = {}, ...rest }: NacosRequest,
  ): Promise<NacosAnswer> {
    const url = new URL(path, origin);
    url.search = new URLSearchParams(query).toString();
    const limit = AbortSignal.timeout(rest.timeoutMs ?? timeoutMs);
    const { statusCode, body } = await request(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      body: form === undefined ? null : new URLSearchParams(form).toString(),
      signal: AbortSignal.any([limit, this.closing.signal]),
      dispatcher: this.agent,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`it answers more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') };
  }
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'TimeoutError') return 'no answer in time';
  return (typeof code === 'string' ? code : message) ?? String(error);
}
