import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { request as httpRequest } from 'node:http';

import type { GatewayProcess } from './gateway-process.js';
import { isOverTls, type Protocol } from './promiser.js';

/** Somebody else, at another address of this machine, who asks for what everybody may ask for. Tells the status. */
export async function bystander(
  { port }: GatewayProcess,
  protocol: Protocol,
  { method = 'GET', path, body }: { method?: string; path: string; body?: string },
): Promise<number> {
  const options = { host: '127.0.0.1', port, method, path, agent: false, localAddress: '127.0.0.9' };
  const sending = isOverTls(protocol) ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  sending.end(body);
  const [answer] = await answered;
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}
