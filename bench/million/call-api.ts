import { Agent, request } from 'node:http';

import type { Caller } from '../client/people.js';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
  readonly retryAfter: number;
  readonly tookMs: number;
}

export interface From {
  /** Each client has an address of its own, as behind a trusted proxy. */
  readonly address?: string;
  readonly tenantId?: string;
}

/** Who is not answered for so long gives up. */
const mostMs = 15_000;

// What has been idle for a while may be closed at the other end.
const agent = new Agent({ keepAlive: true, timeout: 3_000 });

/** Every answer counts here, also one that refuses; none at all has the status 0. */
export function callApi(
  url: string,
  { token }: Caller,
  method: string,
  path: string,
  body?: object,
  { address, tenantId }: From = {},
): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const began = performance.now();
  return new Promise((resolve) => {
    const none = (): void => resolve({ status: 0, body: {}, retryAfter: 1, tookMs: performance.now() - began });
    const call = request(url + path, {
      agent,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(address === undefined ? {} : { 'x-forwarded-for': address }),
        ...(tenantId === undefined ? {} : { 'x-tenant-id': tenantId }),
      },
    });
    call.on('error', none);
    call.setTimeout(mostMs, () => call.destroy(new Error('too late')));
    call.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', none);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const said = Buffer.concat(chunks).toString();
        resolve({
          status: answer.statusCode ?? 0,
          body: said === '' ? {} : (JSON.parse(said) as Record<string, string>),
          retryAfter: Number(answer.headers['retry-after'] ?? 0),
          tookMs: performance.now() - began,
        });
      });
    });
    call.end(text);
  });
}
