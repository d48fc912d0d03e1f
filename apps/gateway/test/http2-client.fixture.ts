import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type SecureClientSessionOptions } from 'node:http2';

export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly interim: readonly Readonly<Record<string, unknown>>[];
  readonly body: string;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly rstCode: number;
}

export async function openHttp2(url: string, options: SecureClientSessionOptions = {}): Promise<ClientHttp2Session> {
  const session = connect(url, options);
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  return session;
}

/** Everything that comes back on a stream, until it is closed. */
export async function answerOn(stream: ClientHttp2Stream): Promise<Http2Answer> {
  let headers: Record<string, unknown> = {};
  let trailers: Record<string, unknown> = {};
  const interim: Record<string, unknown>[] = [];
  let body = '';
  stream.on('response', (fields) => (headers = fields));
  stream.on('headers', (fields) => interim.push(fields));
  stream.on('trailers', (fields) => (trailers = fields));
  stream.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.once('close', resolve));
  return { status: Number(headers[':status'] ?? 0), headers, interim, body, trailers, rstCode: stream.rstCode ?? 0 };
}

/** Sends one request, with a body if there is one. */
export function ask(
  session: ClientHttp2Session,
  headers: Record<string, string | string[]>,
  body?: string | Buffer,
): Promise<Http2Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOn(stream);
}
