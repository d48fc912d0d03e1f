import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface Upload {
  /** Sends what is missing. Resolves with the answer. */
  finish(): Promise<{ status: number; body: string; requestId: string }>;
}

/**
 * A request whose body stops half way: the other end has all of its head, and waits. It does not say how long it is: of a
 * small body that does, a gateway waits for the whole before it asks a service.
 */
export async function beginUpload(
  url: string,
  { method, token, body }: { method: string; token: string; body: string },
): Promise<Upload> {
  const sending = request(url, {
    method,
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
  });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  const half = Math.floor(body.length / 2);
  await new Promise<void>((resolve) => sending.write(body.slice(0, half), () => resolve()));
  return {
    finish: async () => {
      sending.end(body.slice(half));
      const [answer] = await answered;
      const text = await answer.setEncoding('utf8').toArray();
      return {
        status: answer.statusCode ?? 0,
        body: text.join(''),
        requestId: String(answer.headers['x-request-id']),
      };
    },
  };
}
