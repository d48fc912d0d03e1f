import type { ServerResponse } from 'node:http';

import { isOver } from '../../http/is-over.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import type { RouteModel } from '../../routes/model/route.model.js';
import { locationFor } from '../../routes/model/redirect.js';

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Answers a request whose route leads neither to a service nor to a controller. */
export function answerDirectly(context: GatewayContext, target: RouteModel['target'], response: ServerResponse): void {
  if (isOver(response)) return;
  const { status, headers, body } = answerTo(context, target);
  const changes = context.route.answerHeaders;
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (changes?.removes(name) !== true) kept.push(name, headers[index + 1] ?? '');
  }
  kept.push(...(changes?.added ?? []));
  for (const name in context.answerHeaders) kept.push(name, context.answerHeaders[name] ?? '');
  kept.push('x-request-id', context.requestId, 'x-trace-id', context.facts.trace.traceId);
  context.bytesOut = context.method === 'HEAD' ? 0 : Buffer.byteLength(body);
  response.writeHead(status, kept);
  response.end(body);
}

function answerTo(context: GatewayContext, target: RouteModel['target']): Answer {
  switch (target.kind) {
    case 'redirect':
      return {
        status: target.redirect.status,
        headers: ['location', locationFor(target.redirect, context), 'content-length', '0'],
        body: '',
      };
    case 'answer': {
      const { status, contentType, body } = target.answer;
      const length = String(Buffer.byteLength(body));
      return {
        status,
        headers: body === '' ? emptyBody(status) : ['content-type', contentType, 'content-length', length],
        body,
      };
    }
    case 'preflight':
      return { status: 204, headers: [], body: '' };
    case 'service':
    case 'own':
      throw new Error(`The route ${context.route.id} is not answered here`);
  }
}

/** RFC 9110 §8.6: 204 has no length at all, and that of a 304 would be the one of the answer that was not sent. */
const emptyBody = (status: number): readonly string[] =>
  status === 204 || status === 304 ? [] : ['content-length', '0'];
