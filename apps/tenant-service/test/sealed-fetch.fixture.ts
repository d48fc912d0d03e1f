import { sealedHeaders } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever came
  readonly body: any;
}

export interface Call {
  readonly as: Identity;
  /** Text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the service as the gateway would, with somebody's sealed identity. `line` is `GET /tenants`. */
export const sealedFetch =
  (url: string, sealKey: Buffer) =>
  async (line: string, { as: identity, body, headers = {} }: Call): Promise<Answer> => {
    const [method = '', target = ''] = line.split(' ');
    const path = target.split('?')[0] ?? '';
    const response = await fetch(`${url}${target}`, {
      method,
      headers: {
        ...sealedHeaders({ audience: 'tenant-service', sealKey, method, path, identity }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
