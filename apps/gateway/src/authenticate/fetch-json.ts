import { type Dispatcher, request } from 'undici';

const timeoutMs = 3_000;
const maxBytes = 256 * 1024;

/** Gets one small JSON document. Follows no redirect: keys come from the address that was configured. */
export async function fetchJson(url: string, dispatcher?: Dispatcher): Promise<unknown> {
  const { statusCode, body } = await request(url, {
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
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
