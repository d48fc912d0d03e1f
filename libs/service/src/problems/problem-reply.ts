import { STATUS_CODES } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { type Refusal, problemMediaType, toProblem } from '@libs/errors';

import { contextOfRequest, noteRefusal } from '../requests/request-scope.js';

/** Answers with a problem, and notes the refusal for the access log, which is the one that writes it down. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  noteRefusal(request, refusal);
  if (!reply.sent) void reply.send(problemBody(request, reply, refusal));
}

/** Turns a reply that has not begun into that of a refusal, and gives its body. */
export function problemBody(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): string {
  noteRefusal(request, refusal);
  const instance = request.url.split('?', 1)[0] ?? '';
  const problem = toProblem(refusal, { instance, requestId: contextOfRequest(request).requestId });
  reply.removeHeader('content-length');
  reply
    .status(refusal.entry.status)
    .headers({ 'cache-control': 'no-store', ...refusal.headers })
    .header('content-type', problemMediaType);
  return JSON.stringify(problem);
}

/** A whole HTTP/1.1 answer, for what fails before there is a request to reply to. */
export function rawProblem(refusal: Refusal, requestId: string): string {
  const body = JSON.stringify(toProblem(refusal, { instance: '', requestId }));
  const { status } = refusal.entry;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
