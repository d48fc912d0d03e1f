import type { LookupFunction } from 'node:net';

import { Agent, buildConnector, type Dispatcher, request } from 'undici';

import type { ClientTls } from '../../../tls/client-tls.js';

const timeoutMs = 3_000;
const maxBytes = 256 * 1024;

export interface FetchedJson {
  readonly value: unknown;
  /** For how long it says that a copy is good (RFC 9111 §5.2.2.1); 0 if it says nothing, or that none may be kept. */
  readonly maxAgeMs: number;
}

/** Gets one small JSON document. Follows no redirect: keys come from the address that was configured. */
export async function fetchJson(url: string, dispatcher?: Dispatcher): Promise<FetchedJson> {
  const { statusCode, headers, body } = await request(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`${url} answered ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`${url} answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return {
    value: JSON.parse(Buffer.concat(chunks).toString('utf8')),
    maxAgeMs: maxAgeOf(String(headers['cache-control'] ?? '')),
  };
}

function maxAgeOf(cacheControl: string): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0;
  return Number(/(?:^|[\s,])max-age=(\d{1,9})\b/i.exec(cacheControl)?.[1] ?? 0) * 1_000;
}

/** The same, over a connection of its own that shows what there is to show now. */
export async function fetchJsonOver(tls: ClientTls, url: string, lookup: LookupFunction): Promise<FetchedJson> {
  const { hostname } = new URL(url);
  const agent = new Agent({
    connect: buildConnector({
      ...tls.options(hostname.replace(/^\[|\]$/g, '')),
      lookup,
    } as buildConnector.BuildOptions),
  });
  try {
    return await fetchJson(url, agent);
  } finally {
    void agent.close();
  }
}
