import { setTimeout as wait } from 'node:timers/promises';

interface NacosRequest {
  readonly method?: string;
  readonly data?: string | Readonly<Record<string, unknown>>;
  readonly dataAsQueryString?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

interface NacosAnswer {
  readonly status: number;
  readonly data: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Once nobody listens any more, the package would end the process with an error that it cannot hand to anybody. */
const nothing: NacosAnswer = { status: 200, data: '', headers: {} };

/** Fields that `fetch` sets itself and does not let others set. */
const own = new Set(['connection', 'accept-encoding']);

/**
 * The HTTP client that the `nacos` package is given instead of its own, which does not check certificates, and which
 * asks a server that refuses connections again and again without a pause.
 */
export class NacosHttp {
  /** Why the last request failed; undefined when it did not. */
  failure: Error | undefined;
  /** Called when a request fails after one that did not: the package goes on trying for a long time before it tells. */
  onFailure: () => void = () => undefined;
  private readonly closing = new AbortController();

  constructor(private readonly pauseAfterFailureMs = 500) {}

  /** In the shape that the package calls. */
  readonly request = async (url: string, options: NacosRequest = {}): Promise<NacosAnswer> => {
    try {
      const answer = await this.send(url, options);
      if (answer.status < 400 || answer.status === 404) this.failure = undefined;
      else await this.fail(new Error(`Nacos answers ${answer.status}`));
      return answer;
    } catch (error) {
      if (this.closing.signal.aborted) return nothing;
      // The message of `fetch` hides the reason, and the package would log what was sent, with the password.
      await this.fail(new Error(`Nacos cannot be reached: ${reasonOf(error)}`));
      throw this.failure ?? error;
    }
  };

  close(): void {
    this.closing.abort(new Error('Nacos is not asked any more'));
  }

  private async fail(failure: Error): Promise<void> {
    const isNews = this.failure === undefined;
    this.failure = failure;
    if (isNews) this.onFailure();
    if (this.closing.signal.aborted) return;
    await wait(this.pauseAfterFailureMs, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
  }

  private async send(url: string, options: NacosRequest): Promise<NacosAnswer> {
    const { method = 'GET', data = {}, dataAsQueryString = false, timeout = 5_000 } = options;
    const form = typeof data === 'string' ? data : new URLSearchParams(textsOf(data)).toString();
    const inQuery = method === 'GET' || dataAsQueryString;
    const headers = Object.entries(options.headers ?? {}).filter(([name]) => !own.has(name.toLowerCase()));
    const answer = await fetch(inQuery && form !== '' ? `${url}?${form}` : url, {
      method,
      headers: Object.fromEntries(headers),
      body: inQuery ? null : form,
      signal: AbortSignal.any([AbortSignal.timeout(timeout), this.closing.signal]),
    });
    return { status: answer.status, data: await answer.text(), headers: Object.fromEntries(answer.headers) };
  }
}

const textsOf = (data: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
