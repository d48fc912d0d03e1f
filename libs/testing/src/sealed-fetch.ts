import type { Identity } from '@libs/trusted-headers';

import { sealedHeaders } from './identity-builder.js';

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever came
  readonly body: any;
}

export interface SealedCall {
  readonly as: Identity;
  /** Text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a service as the gateway would, with somebody's sealed identity. `line` is `GET /projects`. */
export const sealedFetch =
  (audience: string, url: string, sealKey: Buffer) =>
  async (line: string, { as: identity, body, headers = {} }: SealedCall): Promise<Answer> => {
    const [method = '', target = ''] = line.split(' ');
    const path = target.split('?')[0] ?? '';
    const response = await fetch(`${url}${target}`, {
      method,
      headers: {
        ...sealedHeaders({ audience, sealKey, method, path, identity }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
